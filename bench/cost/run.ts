import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { count } from '../../bin/commands/count.ts'
import { messageOf } from '../../lib/errors.ts'
import { writeTenants } from '../../local/demo/run-tenants.ts'
import { inStep } from '../../local/progress.ts'
import { createScript } from '../../local/script.ts'
import { withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'
import { costMessages, costTenants } from './load.ts'
import { measureCost } from './measure.ts'
import { writePage } from './page.ts'
import { tableOf } from './table.ts'

// npm run bench:cost: counts the requests to AWS of events with two notifications each, and prices them.

const { events, atOnce, page } = createScript('bench:cost')
  .description('Counts and prices what AWS would bill for events with two notifications each')
  .option('--events <number>', 'how many events to send', count, 10_000)
  .option(
    '--at-once <number>',
    'events that are published together; 1: each comes alone, without batches',
    count,
    10_000,
  )
  .option('--page', 'only write the tables of docs/cost.md from lib/tenants/cost/counts.ts')
  .parse()
  .opts<{ events: number; atOnce: number; page?: boolean }>()
const stateDir = resolve('.local')
const tenantsFile = join('.local', 'bench-cost', 'tenants.yml')
const terminal = createTerminal()

try {
  await (page ? writePage() : measure())
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

async function measure(): Promise<void> {
  await writeTenants(tenantsFile, costTenants)
  const { onProgress } = terminal
  const bill = await withStack(
    { stateDir, onProgress, cell: 'main', tenantsFile },
    ({ cloud, deployment, parts }) =>
      inStep(onProgress, `Sending ${events} events`, () =>
        measureCost({ cloud, deployment, ...parts, messages: costMessages(events + 1), atOnce }),
      ),
  )
  await mkdir(join(stateDir, 'bench-cost'), { recursive: true })
  const file = join(stateDir, 'bench-cost', 'bill.json')
  await writeFile(file, `${JSON.stringify({ events, atOnce, bill }, undefined, 2)}\n`)
  terminal.print(`\n${tableOf(bill, events)}`)
}
