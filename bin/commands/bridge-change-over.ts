import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { changeOverBroker } from '../../lib/amqp/change-over.ts'
import { open } from '../../lib/amqp/connection.ts'
import { changeOver, type FormerQueue } from '../../lib/bridge/change-over.ts'
import { removeQueues } from '../../lib/bridge/unbind.ts'
import { readEnvironment } from '../../lib/config.ts'
import { tenantsOfCell, withoutAmazonMq } from '../../lib/tenants/cell-tenants.ts'
import { placeInPools, queueVariables } from '../../lib/tenants/pools.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { readTenants } from './tenants-file.ts'
import { print, progress } from './text.ts'
import { noTenants } from './worker-tenants.ts'

const variables = brokerVariables.extend({
  ...queueVariables,
  TENANTS_FILE: z.string(),
  CELL: z.string(),
})

export const changeOverHelp = `
Leads the events of the cell's tenants to the queues that QUEUES (own or pooled) and PARTITIONS say, moves
what waits in their former queues after them, and deletes those that are empty and have no consumers. No
event is lost or comes twice. Bridges may run meanwhile: those with the other setting declare nothing any
more until they are restarted. Run it again then. docs/tenants.md#pooled-queues has the steps.
  AMQP_URL, AMQP_CA, TENANTS_FILE, CELL, QUEUES, PARTITIONS   as for \`bridge run\`

Ends with 3 if a former queue is kept, which is said.
`

/** @throws EcosError `no-tenants`; what `changeOver` throws */
export async function runChangeOver(options: { formerPartitions?: number }): Promise<void> {
  const settings = readEnvironment(variables, process.env)
  const { AMQP_URL, AMQP_CA, TENANTS_FILE, CELL, PARTITIONS } = settings
  const { formerPartitions = 0 } = options
  const cellTenants = withoutAmazonMq(tenantsOfCell(readTenants(TENANTS_FILE), CELL))
  // Of a misspelt cell, or of another file: "done" would say that the bridges can be restarted.
  if (cellTenants.length === 0) throw noTenants(TENANTS_FILE, CELL)
  const tenants = placeInPools(cellTenants, settings)
  const connection = await open(AMQP_URL, AMQP_CA)
  const bar = progress('change-over')
  try {
    const partitions = Math.max(PARTITIONS, formerPartitions)
    const onProgress = bar.show
    const former = await changeOver(changeOverBroker(connection), {
      tenants,
      partitions,
      onProgress,
    })
    bar.end()
    print(
      say('{tenants} tenants have {kind} queues', {
        tenants: tenants.length,
        kind: settings.QUEUES,
      }),
    )
    await removeAll(former, () => connectBroker(AMQP_URL, AMQP_CA))
  } finally {
    bar.end()
    await connection.close().catch(() => undefined)
  }
}

async function removeAll(
  former: readonly FormerQueue[],
  connect: () => ReturnType<typeof connectBroker>,
): Promise<void> {
  if (former.length === 0) return
  const broker = await connect()
  try {
    for (const queue of former) {
      print(
        queue.left > 0
          ? say('{queue}: {moved} messages moved; {left} of no tenant stay', queue)
          : say('{queue}: {moved} messages moved', queue),
      )
      for (const { queue: name, outcome, explanation } of await removeQueues(broker, queue)) {
        print(`${outcome}: ${explanation ?? name}`)
        if (outcome === 'kept') process.exitCode = exitCode.needsHand
      }
    }
  } finally {
    await broker.close()
  }
}
