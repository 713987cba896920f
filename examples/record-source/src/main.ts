import { setTimeout as sleep } from 'node:timers/promises'
import { EcosError, RecordEventSource } from 'ecos-eventbridge/record-source'
import { advance, loadAttributes, records } from './cases.ts'

const { AMQP_URL: url, ECOS_TENANT: tenant, EVERY_SECONDS = '5' } = process.env
if (!url || !tenant) throw new Error('Set AMQP_URL and ECOS_TENANT')

const source = new RecordEventSource({
  url,
  tenant,
  id: 'acme-cases',
  loadAttributes,
  // The scheduled drain answers within a minute, a worker at once.
  waitFor: ['eventbridge'],
  settleSeconds: 70,
})

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

while (!stop.signal.aborted) {
  for (const record of records) await change(record)
  await sleep(Number(EVERY_SECONDS) * 1000, undefined, { signal: stop.signal }).catch(
    () => undefined,
  )
}
await source.close()

async function change(record: string): Promise<void> {
  advance(record)
  // Repeated announcements keep the id, so that receivers can drop duplicates.
  const event = { type: 'record-changed', record, id: crypto.randomUUID(), time: new Date() }
  while (!stop.signal.aborted) {
    try {
      const [announced] = await source.announce([event])
      console.log(JSON.stringify({ record, ...announced }))
      return
    } catch (error) {
      if (!(error instanceof EcosError && error.retryable)) throw error
      console.error(`${error.message} (again in a second)`)
      await sleep(1000)
    }
  }
}
