import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { plotOf } from './plot.ts'
import { type Results, tablesOf } from './tables.ts'

const page = 'docs/performance.md'
const marks = { start: '<!-- bench: written by npm run bench -->', end: '<!-- /bench -->' }

/** Writes a JSON file for each question and the plot; without `folder`, also the tables of docs/performance.md. */
export async function writeResults(results: Results, folder?: string): Promise<void> {
  const { machine, ...questions } = results
  const to = folder ?? 'bench/results'
  await mkdir(to, { recursive: true })
  for (const [question, rows] of Object.entries(questions)) {
    await writeFile(
      join(to, `${question}.json`),
      `${JSON.stringify({ machine, rows }, undefined, 2)}\n`,
    )
  }
  await writeFile(join(to, 'throughput.svg'), plotOf(results.throughput))
  if (folder === undefined) {
    await writePage(results)
    await promisify(execFile)('biome', ['format', '--write', page, to])
  }
}

async function writePage(results: Results): Promise<void> {
  const text = await readFile(page, 'utf8')
  const before = text.slice(0, text.indexOf(marks.start) + marks.start.length)
  const after = text.slice(text.indexOf(marks.end))
  const tables = [`Measured on ${results.machine}.`, ...tablesOf(results)].join('\n\n')
  await writeFile(page, `${before}\n\n${tables}\n\n${after}`)
}
