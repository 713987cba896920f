import { resolve } from 'node:path'
import { Command } from 'commander'
import { count } from '../../bin/commands/count.ts'
import { messageOf } from '../../lib/errors.ts'
import { inStep } from '../../local/progress.ts'
import { createTerminal } from '../../local/terminal.ts'
import { measureColdStarts } from './cold-start.ts'
import { writePage } from './page.ts'
import { coldStartTable } from './tables.ts'

// npm run bench:functions: measures how the functions start.

const { starts, page } = new Command('npm run bench:functions --')
  .option('--starts <number>', 'how often each function is started', count, 25)
  .option('--page', 'write the tables into docs/performance.md')
  .parse()
  .opts<{ starts: number; page?: true }>()

const terminal = createTerminal()
try {
  const scratch = resolve('.local/bench/functions')
  const coldStarts = await inStep(terminal.onProgress, 'Cold starts', () =>
    measureColdStarts(scratch, starts),
  )
  const table = coldStartTable(coldStarts)
  terminal.print(`\n${table}`)
  if (page) await writePage(table)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}
