import { Agent } from 'node:http'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { connect } from 'amqplib'
import { topologyOf } from '../../lib/bridge/topology.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { benchTenants, measure, readJob, warmUpEvents, warmUpTenant } from '../job.ts'

/**
 * A straightforward consumer: a PutEvents call with one entry for each message. It has as many calls in
 * flight as the bridge, although most such consumers have one.
 */
const job = readJob()
const client = new EventBridgeClient({
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: job.calls }) },
})
const [tenant] = benchTenants(1)

await consume(warmUpTenant, warmUpEvents)
await measure(job, () => consume(tenant as Tenant, job.events))

async function consume(from: Tenant, count: number): Promise<void> {
  const connection = await connect(job.amqpUrl)
  const channel = await connection.createChannel()
  await channel.prefetch(job.calls)
  let remaining = count
  await new Promise<void>((done) => {
    void channel.consume(topologyOf(from).queue, async (message) => {
      if (message === null) return
      const { data } = JSON.parse(message.content.toString())
      await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: 'bench',
              Source: `ecos.${from.id}`,
              DetailType: data.type,
              Detail: JSON.stringify(data),
            },
          ],
        }),
      )
      channel.ack(message)
      remaining -= 1
      if (remaining === 0) done()
    })
  })
  await channel.close()
  await connection.close()
}
