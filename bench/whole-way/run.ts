import { join } from 'node:path'
import { count } from '../../bin/commands/count.ts'
import { writeTenants } from '../../local/demo/run-tenants.ts'
import { createScript } from '../../local/script.ts'
import { runOnStack } from '../stack/run-on-stack.ts'
import { wholeWayTenants } from './people.ts'
import { measureWholeWay, tableOf } from './whole-way.ts'

// npm run bench:whole-way: from the publishing of an event to the acceptance of its mail, on the local stack.

const { rates, ...plan } = createScript('bench:whole-way')
  .description('Measures how long an event takes from its publishing to the acceptance of its mail')
  .option('--rates <numbers>', 'events a second, with commas', counts, [1, 50, 500])
  .option('--seconds <number>', 'for how long each rate is published', count, 30)
  .option('--least <number>', 'events of a rate, at least', count, 60)
  .option('--most <number>', 'events of a rate, at most', count, 5_000)
  .option('--patience <seconds>', 'without a mail, after which the rest is lost', count, 60)
  .parse()
  .opts<{
    rates: number[]
    seconds: number
    least: number
    most: number
    patience: number
  }>()

/** Path below the project's folder. */
const tenantsFile = join('.local', 'bench-whole-way', 'tenants.yml')

await writeTenants(tenantsFile, wholeWayTenants)
await runOnStack(
  async (stack, print) =>
    tableOf(await measureWholeWay(stack, { rates, ...plan }, tenantsFile, print)),
  { tenantsFile, parameters: { emailDeliveriesPerSecond: 400 } },
)

function counts(text: string): number[] {
  return text.split(',').map(count)
}
