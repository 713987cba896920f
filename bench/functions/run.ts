import { resolve } from 'node:path'
import { count } from '../../bin/commands/count.ts'
import { messageOf } from '../../lib/errors.ts'
import { inStep } from '../../local/progress.ts'
import { createScript } from '../../local/script.ts'
import { createTerminal } from '../../local/terminal.ts'
import { measureColdStarts } from './cold-start.ts'
import { handlerLoad } from './handler-load.ts'
import { writePage } from './page.ts'
import { measureSenders } from './sender-loads.ts'
import { coldStartTable, workTable } from './tables.ts'
import { measureWork, type Work } from './work.ts'

// npm run bench:functions: measures how the functions start, and what they do for a notification.

const { starts, page } = createScript('bench:functions')
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
  const works = await inStep(terminal.onProgress, 'Notifications', () => measureAllWork(scratch))
  const tables = `${coldStartTable(coldStarts)}\n\n${workTable(works)}`
  terminal.print(`\n${tables}`)
  if (page) await writePage(tables)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/** Batches show the CPU; a message alone, with slow answers, shows the calls that wait for one another. */
async function measureAllWork(scratch: string): Promise<Work[]> {
  const batches = { latency: 5, batch: 10, rounds: 40 }
  const alone = { latency: 50, batch: 1, rounds: 10 }
  const works: Work[] = []
  for (const plan of [batches, alone]) {
    works.push(await measureWork('on-task-create', plan, handlerLoad))
    works.push(...(await measureSenders(plan, scratch)))
  }
  return works
}
