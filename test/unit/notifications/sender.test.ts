import { expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import type { Delivery } from '../../../lib/channels/channel.ts'
import { type SenderPorts, sender } from '../../../lib/notifications/sender.ts'
import type { Once } from '../../../lib/queue-function/once.ts'
import { MemoryStore, queued } from './in-memory.ts'

/** A sender of a notification that is on record; it gets these answers of the rate limiter, one after another. */
async function setUp(...slots: ('now' | 'put-back' | Delivery)[]) {
  const store = new MemoryStore()
  await store.add({ ...queued, username: 'ivanov' }, { state: 'WAIT_FOR_DISPATCH' })
  let sent = 0
  const ports: SenderPorts = {
    once: remembering(),
    awaitRate: async () => slots.shift() ?? 'now',
    kept: store,
    deliver: {
      channel: {
        async deliver() {
          sent += 1
          return { outcome: 'sent' }
        },
      },
      notifications: store,
      subjects: store,
      kept: store,
      subscriptions: { switchOff: async () => undefined },
      putOnBus: async () => undefined,
      onUnannounced: () => undefined,
      retry: {
        tries: 10,
        firstWaitSeconds: 5,
        factor: 4,
        capSeconds: 3600,
        jitter: 0,
        timeToLiveSeconds: 3600,
        uncertainRepeats: 2,
        uncertainWaitSeconds: 1800,
      },
      now: () => new Date(queued.queuedAt),
    },
  }
  const sentAt = new Date(queued.queuedAt)
  const attempt = { tries: 2, isLast: false, isLastReceive: false, sentAt }
  const receive = () => sender(ports).handle(queued, attempt, {} as Context)
  return { receive, store, sent: () => sent }
}

/** Remembers completed work, as the table does. */
function remembering(): Once {
  const done = new Set<string>()
  return async (key, _context, work) => {
    const name = JSON.stringify(key)
    if (done.has(name)) return 'duplicate'
    const outcome = await work()
    done.add(name)
    return outcome
  }
}

it('a notification that was put back does not count as handled: it is sent later, and once', async () => {
  const { receive, sent } = await setUp('put-back', 'put-back', 'now')
  expect([await receive(), await receive(), sent()]).toEqual(['put-back', 'put-back', 0])
  expect([await receive(), sent()]).toEqual(['sent', 1])
  expect([await receive(), sent()]).toEqual(['duplicate', 1])
})

it('a notification that was tried before and is over the limit fails for now, and that is on record', async () => {
  const { receive, store, sent } = await setUp({
    outcome: 'transient',
    reason: 'over the rate limit',
    retryAfterSeconds: 20,
  })
  await expect(receive()).rejects.toMatchObject({ code: 'delivery-failed', retryAfterSeconds: 20 })
  expect(store.all).toMatchObject([
    { state: 'WAIT_FOR_DISPATCH', reason: 'over the rate limit', attempts: 1 },
  ])
  expect([await receive(), sent()]).toEqual(['sent', 1])
})
