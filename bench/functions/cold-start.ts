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

/** Medians of a new Node process that loads the bundle and exits. */
export interface ColdStart extends Sample {
  readonly function: string
  /** The size of the files that a start reads; others are loaded when they are needed. */
  readonly bytes: number
}

interface Sample extends Start {
  /** To those of a bare SDK client that was started right after it: what else the machine does slows both. */
  readonly toBare: Start
}

interface Start {
  readonly milliseconds: number
  /** User and system time of all its threads. */
  readonly cpuMilliseconds: number
}

/** What each start is compared with. */
const reference = 'bare-client'

/** Functions that only load something (bench/functions/parts), by their name in the table. */
const parts = {
  '(empty)': 'empty',
  '(bare SDK client)': reference,
  '(the same and zod)': 'with-zod',
  '(the same and Powertools)': 'with-powertools',
} as const

/** Measures the start of each function, and of each of the parts, in turn. */
export async function measureColdStarts(scratch: string, rounds: number): Promise<ColdStart[]> {
  await bundleFunctions()
  await bundleTemplates({ cell: 'main', templatesDir: 'templates', tenantsFile: 'tenants.yml' })
  const files = await bundlesIn(scratch)
  const bare = join(scratch, reference, 'index.mjs')
  const samples = new Map<string, Sample[]>([...files.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, file] of files) samples.get(name)?.push(await sample(file, bare))
  }
  return Promise.all(
    [...files].map(async ([name, file]) => {
      const own = samples.get(name) ?? []
      return {
        function: name,
        bytes: await bytesAtStart(file),
        ...medians(own),
        toBare: medians(own.map(({ toBare }) => toBare)),
      }
    }),
  )
}

async function bundlesIn(scratch: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [name, part] of Object.entries(parts)) {
    // On its own: chunks that several share would be further files to read.
    const { bundles } = await bundleTogether([part], 'bench/functions/parts')
    for (const { files } of bundles) await writeFiles(join(scratch, part), files)
    found.set(name, join(scratch, part, 'index.mjs'))
  }
  for (const name of (await readdir('dist/functions')).sort()) {
    found.set(name, resolve('dist/functions', name, 'index.mjs'))
  }
  return found
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

async function sample(file: string, bare: string): Promise<Sample> {
  const own = await startOnce(file)
  const other = await startOnce(bare)
  const toBare = {
    milliseconds: own.milliseconds / other.milliseconds,
    cpuMilliseconds: own.cpuMilliseconds / other.cpuMilliseconds,
  }
  return { ...own, toBare }
}

const script = `
await import(process.argv[1])
const { user, system } = process.cpuUsage()
process.stdout.write(String((user + system) / 1000), () => process.exit())`

async function startOnce(file: string): Promise<Start> {
  const start = performance.now()
  const child = spawn('node', ['--input-type=module', '--eval', script, file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [cpu, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new EcosError('bundle-failed', `${file} could not be loaded: see above`)
  return { milliseconds: performance.now() - start, cpuMilliseconds: Number(cpu) }
}

function medians(starts: readonly Start[]): Start {
  return {
    milliseconds: median(starts.map(({ milliseconds }) => milliseconds)),
    cpuMilliseconds: median(starts.map(({ cpuMilliseconds }) => cpuMilliseconds)),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
