import { Agent } from 'node:http'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { toEntry } from '../../lib/bridge/publish/entry.ts'
import { decodeEvent } from '../../lib/events/event.ts'
import { newEvent } from '../events.ts'
import { measure, readJob, warmUpEvents } from '../job.ts'

/** The AWS SDK without a broker, with prepared calls of ten entries: an upper bound for any bridge that uses it. */
const job = readJob()
const client = new EventBridgeClient({
  maxAttempts: 1,
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: job.calls }) },
})
const calls = await prepareCalls()

await send(warmUpEvents / 10)
await measure(job, () => send(job.events / 10))

async function prepareCalls() {
  const payloads = { save: unexpected, load: unexpected }
  const entries = await Promise.all(
    Array.from({ length: 1_000 }, async (_, index) => {
      const { type, body } = newEvent(index)
      const decoded = decodeEvent('bench-0', type, body)
      if (decoded.outcome !== 'event') throw new Error(decoded.explanation)
      const { source, detailType, detail } = await toEntry(decoded.event, payloads)
      return {
        EventBusName: 'bench',
        Source: source,
        DetailType: detailType,
        Detail: detail.toString(),
      }
    }),
  )
  return Array.from({ length: 100 }, (_, index) => entries.slice(index * 10, index * 10 + 10))
}

async function send(count: number): Promise<void> {
  let next = 0
  const sender = async () => {
    while (next < count) {
      const Entries = calls[next++ % calls.length]
      await client.send(new PutEventsCommand({ Entries }))
    }
  }
  await Promise.all(Array.from({ length: job.calls }, sender))
}

async function unexpected(): Promise<never> {
  throw new Error('The events of the bench fit into their entries')
}
