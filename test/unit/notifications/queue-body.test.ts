import { describe, expect, it } from '@jest/globals'
import { parseQueued, type QueuedNotification } from '../../../lib/notifications/notification.ts'
import { queueBody, wholeOf } from '../../../lib/notifications/queue-body.ts'
import { MemoryStore, queued } from './in-memory.ts'

/** A notification whose message has so many bytes. */
function ofBytes(bytes: number, more: Partial<QueuedNotification> = {}): QueuedNotification {
  const some = { ...queued, ...more, html: '' }
  return { ...some, html: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(some))) }
}

describe('the message of a notification', () => {
  it('has all of it, up to a million bytes', async () => {
    const store = new MemoryStore()
    const body = await queueBody(ofBytes(1_000_000), store)
    expect(Buffer.byteLength(body)).toBe(1_000_000)
    expect(parseQueued(body)).toEqual(ofBytes(1_000_000))
    expect(store.kept.size).toBe(0)
  })

  it('refers to what is larger, and its delivery finds the whole, with its own time to live', async () => {
    const store = new MemoryStore()
    const parts = { title: 'щ', short: 'щ', details: [{ label: 'щ', text: 'щ' }] } as never
    const large = ofBytes(1_000_001, { ...Object(parts), customData: { sum: 1 } })
    const body = await queueBody({ ...large, resend: 2 }, store)
    expect(body.length).toBeLessThan(1000)
    expect(body).not.toContain('щ')
    expect(parseQueued(body)).toMatchObject({ isKept: true, title: '', customData: {} })
    const queuedAt = '2026-11-26T10:00:00.000Z'
    expect(await wholeOf({ ...parseQueued(body), queuedAt, resend: 3 }, store)).toEqual({
      ...{ ...large, queuedAt, resend: 3 },
    })
  })

  it('that has all of it needs nothing else', async () => {
    const load = () => Promise.reject(new Error('loaded'))
    expect(await wholeOf(queued, { load })).toEqual(queued)
  })
})
