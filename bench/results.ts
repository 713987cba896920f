import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { plotOf } from './plot.ts'
import { type Results, tablesOf } from './tables.ts'

/** What benchmarks write themselves. */
const written = [':!bench/results', ':!docs']

const execute = promisify(execFile)
const page = 'docs/performance.md'
const marks = { start: '<!-- bench: written by npm run bench -->', end: '<!-- /bench -->' }

/** Writes a JSON file for each question and the plot; without `folder`, also the tables of docs/performance.md. */
export async function writeResults(results: Results, folder?: string): Promise<void> {
  const { machine, ...questions } = results
  const to = folder ?? 'bench/results'
  // Before the files below change.
  const measuredCommit = await commit()
  await mkdir(to, { recursive: true })
  for (const [question, rows] of Object.entries(questions)) {
    await writeFile(
      join(to, `${question}.json`),
      `${JSON.stringify({ machine, rows }, undefined, 2)}\n`,
    )
  }
  await writeFile(join(to, 'throughput.svg'), plotOf(results.throughput))
  if (folder === undefined) {
    await writePage(results, measuredCommit)
    await execute('biome', ['format', '--write', page, to])
  }
}

async function writePage(results: Results, measuredCommit: string): Promise<void> {
  const text = await readFile(page, 'utf8')
  const before = text.slice(0, text.indexOf(marks.start) + marks.start.length)
  const after = text.slice(text.indexOf(marks.end))
  const measured = `Measured on ${results.machine}, at commit ${measuredCommit}.`
  const tables = [measured, ...tablesOf(results)].join('\n\n')
  await writeFile(page, `${before}\n\n${tables}\n\n${after}`)
}

/** Processor and Node version. */
export function machine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim()}, Node ${process.versions.node}`
}

/** What was measured: `1a2b3c4 of 2026-11-28`, and whether its code was changed since. */
export async function commit(): Promise<string> {
  const { stdout: head } = await execute('git', ['show', '-s', '--format=%h of %cs', 'HEAD'])
  const { stdout: changes } = await execute('git', ['status', '--porcelain', '--', '.', ...written])
  return changes === '' ? head.trim() : `${head.trim()}, with changes`
}
