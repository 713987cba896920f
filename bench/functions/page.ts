import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { promisify } from 'node:util'
import { commit } from '../results.ts'

const file = 'docs/performance.md'
const marks = {
  start: '<!-- functions: npm run bench:functions -- --page -->',
  end: '<!-- /functions -->',
}

/** Writes the tables into docs/performance.md. */
export async function writePage(tables: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const before = text.slice(0, text.indexOf(marks.start) + marks.start.length)
  const after = text.slice(text.indexOf(marks.end))
  const measured = `Measured on ${machine()}, at commit ${await commit()}.`
  await writeFile(file, `${before}\n\n${measured}\n\n${tables}\n\n${after}`)
  await promisify(execFile)('biome', ['format', '--write', file])
}

function machine(): string {
  const [cpu] = cpus()
  const load = loadavg()[0]?.toFixed(1)
  return `${cpus().length} × ${cpu?.model.trim()}, Node ${process.versions.node}, at a load of ${load}`
}
