import { createHash } from 'node:crypto'
import { describe, expect, it, jest } from '@jest/globals'
import { entryBytes } from '../../../../lib/bridge/publish/bus.ts'
import { toEntry } from '../../../../lib/bridge/publish/entry.ts'
import type { EcosEvent } from '../../../../lib/events/event.ts'
import { noPayloadStore } from '../../../../lib/events/payload-store.ts'
import { memoryPayloads } from '../../../support/memory.ts'

const time = new Date('2026-11-28T10:00:00Z')

function eventWith(data: string): EcosEvent {
  return { tenant: 'acme', type: 'task.create', id: '1', time, data: Buffer.from(data) }
}

/** An event whose entry has so many bytes. */
async function eventOf(bytes: number): Promise<EcosEvent> {
  const empty = entryBytes(await toEntry(eventWith('""'), noPayloadStore))
  return eventWith(`"${'x'.repeat(bytes - empty)}"`)
}

describe('toEntry', () => {
  it('has the event as the bus needs it, with its data', () => {
    const entry = toEntry(eventWith('{"a":1}'), noPayloadStore)
    expect(entry).toEqual({
      source: 'ecos.acme',
      detailType: 'task.create',
      detail: expect.any(Buffer),
      time,
      resource: undefined,
    })
    const { detail } = entry as Awaited<typeof entry>
    expect(JSON.parse(String(detail))).toMatchObject({ id: '1', tenantid: 'acme', data: { a: 1 } })
  })

  it('names the partition, if it has one', () => {
    expect(toEntry(eventWith('{}'), noPayloadStore, 'p07')).toMatchObject({
      resource: 'arn:ecos:eventbridge:::p07',
    })
  })

  it('carries up to 900,000 bytes itself', async () => {
    const onStore = jest.fn()
    const event = await eventOf(900_000)
    const entry = await toEntry(event, noPayloadStore, undefined, onStore)
    expect(entryBytes(entry)).toBe(900_000)
    expect(onStore).not.toHaveBeenCalled()
  })

  it('stores larger data by its content in the folder of the tenant, and refers to it', async () => {
    const payloads = memoryPayloads()
    const event = await eventOf(900_001)
    const order: string[] = []
    const store = {
      ...payloads,
      save(key: string, body: string | Uint8Array) {
        order.push('stored')
        return payloads.save(key, body)
      },
    }
    const entry = await toEntry(event, store, 'p07', () => void order.push('told'))
    expect(order).toEqual(['told', 'stored'])
    expect(entry).toMatchObject({
      ...{ source: 'ecos.acme', detailType: 'task.create', time },
      resource: 'arn:ecos:eventbridge:::p07',
    })
    const hash = createHash('sha256').update(event.data).digest('hex')
    const { dataref, ...attributes } = JSON.parse(String(entry.detail))
    expect(dataref).toBe(`s3://memory/events/acme/${hash}.json`)
    expect(attributes).toMatchObject({ id: '1', tenantid: 'acme' })
    expect(attributes).not.toHaveProperty('data')
    expect(await payloads.load(dataref)).toBe(String(event.data))
    expect(await toEntry(event, payloads, 'p07')).toEqual(entry)
  })
})
