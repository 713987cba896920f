import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { bundleTogether } from '../../build/bundle.ts'
import { bundleFunctions, writeFiles } from '../../build/bundle-functions.ts'
import { bundleTemplates } from '../../build/templates.ts'
import { EcosError } from '../../lib/errors.ts'
import { environment } from './environment.ts'

export interface ColdStart {
  readonly function: string
  /** The size of the files that a start reads; others are loaded when they are needed. */
  readonly bytes: number
  /** Medians of a new Node process that loads the bundle and exits. */
  readonly milliseconds: number
  /** User and system time of all its threads. */
  readonly cpuMilliseconds: number
}

/** What each start is compared with. */
export const reference = '(bare SDK client)'

/** Measures the start of each function, of a bare SDK client, and of an empty function, in turn. */
export async function measureColdStarts(scratch: string, rounds: number): Promise<ColdStart[]> {
  await bundleFunctions()
  await bundleTemplates({ cell: 'main', templatesDir: 'templates', tenantsFile: 'tenants.yml' })
  const files = await bundlesIn(scratch)
  const samples = new Map<string, Sample[]>([...files.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, file] of files) samples.get(name)?.push(await startOnce(file))
  }
  return Promise.all(
    [...files].map(async ([name, file]) => {
      const own = samples.get(name) ?? []
      return {
        function: name,
        bytes: await bytesAtStart(file),
        milliseconds: median(own.map(({ milliseconds }) => milliseconds)),
        cpuMilliseconds: median(own.map(({ cpuMilliseconds }) => cpuMilliseconds)),
      }
    }),
  )
}

async function bundlesIn(scratch: string): Promise<Map<string, string>> {
  const { bundles } = await bundleTogether(['bare-client', 'empty'], 'bench/functions')
  for (const { name, files } of bundles) await writeFiles(join(scratch, name), files)
  const names = (await readdir('dist/functions')).sort()
  return new Map([
    ['(empty)', join(scratch, 'empty', 'index.mjs')],
    [reference, join(scratch, 'bare-client', 'index.mjs')],
    ...names.map((name) => [name, resolve('dist/functions', name, 'index.mjs')] as const),
  ])
}

/** The file and all that it imports statically. */
async function bytesAtStart(file: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(file)) return 0
  seen.add(file)
  const source = await readFile(file, 'utf8')
  const imported = source.matchAll(/(?:from|import) ?["'](\.\/[\w-]+\.mjs)["']/g)
  let bytes = Buffer.byteLength(source)
  for (const [, name = ''] of imported) bytes += await bytesAtStart(join(file, '..', name), seen)
  return bytes
}

type Sample = Pick<ColdStart, 'milliseconds' | 'cpuMilliseconds'>

const script = `
await import(process.argv[1])
const { user, system } = process.cpuUsage()
process.stdout.write(String((user + system) / 1000), () => process.exit())`

async function startOnce(file: string): Promise<Sample> {
  const start = performance.now()
  const child = spawn('node', ['--input-type=module', '--eval', script, file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [cpu, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new EcosError('bundle-failed', `${file} could not be loaded: see above`)
  return { milliseconds: performance.now() - start, cpuMilliseconds: Number(cpu) }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
