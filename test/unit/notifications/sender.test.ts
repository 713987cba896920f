import { describe, expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import fc from 'fast-check'
import type { Delivery } from '../../../lib/channels/channel.ts'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import type { EcosError } from '../../../lib/errors.ts'
import type { DeliverPorts } from '../../../lib/notifications/deliver.ts'
import {
  encodeQueued,
  parseQueued,
  type QueuedNotification,
} from '../../../lib/notifications/notification.ts'
import { resend } from '../../../lib/notifications/resend.ts'
import { sender } from '../../../lib/notifications/sender.ts'
import { muteOnce } from '../../support/mute-server.ts'
import { startMailServer } from '../channels/mail-server.ts'
import { MemoryStore, queued, retry } from './in-memory.ts'

/** A cell's sender with a clock that stands still until it is set on. */
async function setUp(answer: () => Delivery = () => ({ outcome: 'sent' })) {
  const clock = { ms: Date.parse(queued.queuedAt) + 60_000 }
  const now = () => new Date(clock.ms)
  const store = new MemoryStore(now)
  await store.add({ ...queued, username: 'ivanov' }, { state: 'WAIT_FOR_DISPATCH' })
  await store.keep(queued)
  const [stored] = store.all
  if (!stored) throw new Error('nothing is stored')
  const ended: string[] = []
  const ports: DeliverPorts = {
    channel: {
      async deliver() {
        const delivery = answer()
        ended.push(delivery.outcome)
        return delivery
      },
    },
    notifications: store,
    subjects: store,
    kept: store,
    awaitRate: async () => 'now',
    subscriptions: { switchOff: async () => undefined },
    putOnBus: async () => undefined,
    onUnannounced: () => undefined,
    retry,
    now,
  }
  return { clock, store, stored, ended, ports }
}

const context = { getRemainingTimeInMillis: () => 30_000 } as Context
const attempt = {
  messageId: 'm1',
  tries: 2,
  isLast: false,
  isLastReceive: false,
  sentAt: new Date(queued.queuedAt),
}

it('a notification that was put back does not count as handled: it is sent later, and once', async () => {
  const { ports, ended } = await setUp()
  const slots = ['put-back', 'put-back', 'now'] as const
  let turn = 0
  const awaitRate = async () => slots[turn++] ?? 'now'
  const receive = () => sender({ ...ports, awaitRate }).handle(queued, attempt, context)
  expect([await receive(), await receive(), ended.length]).toEqual(['put-back', 'put-back', 0])
  expect([await receive(), ended.length]).toEqual(['sent', 1])
  expect([await receive(), ended.length]).toEqual(['already-sent', 1])
})

it('a chat that pauses for hours never uses up the receives of its messages, nor gives them more tries', async () => {
  const maxReceiveCount = 20
  const { ports, clock, stored, ended } = await setUp(() => ({
    ...{ outcome: 'transient', reason: '429', retryAfterSeconds: 1 },
  }))
  // The provider lets one message through every two minutes, and refuses it.
  let message = {
    queued: queued as QueuedNotification,
    sentAt: new Date(queued.queuedAt),
    tries: 0,
  }
  let turns = 0
  const awaitRate = async (putBack: QueuedNotification) => {
    turns += 1
    if (turns % 4 === 1) return 'now' as const
    message = { queued: parseQueued(encodeQueued(putBack)), sentAt: ports.now(), tries: 0 }
    return 'put-back' as const
  }
  const handler = sender({ ...ports, awaitRate })
  let end: EcosError | undefined
  while (!end && turns < 1000) {
    message.tries += 1
    expect(message.tries).toBeLessThan(maxReceiveCount)
    const { queued: body, tries, sentAt } = message
    const receive = { ...attempt, tries, sentAt, isLastReceive: tries >= maxReceiveCount }
    await handler.handle(body, receive, context).catch((error: EcosError) => {
      if (error.retryAfterSeconds === 0) end = error
    })
    clock.ms += 30_000
  }
  expect(end).toMatchObject({ code: 'delivery-failed' })
  expect([ended.length, stored.state]).toEqual([retry.tries, 'ERROR'])

  // Redriven, it has all of its tries again.
  clock.ms += 1000
  turns = 0
  const again = { ...attempt, messageId: 'm2', sentAt: ports.now() }
  await expect(sender(ports).handle(message.queued, again, context)).rejects.toMatchObject({
    retryable: true,
  })
})

it('a mail whose server took it without an answer is repeated late, with the same Message-ID', async () => {
  const server = await startMailServer()
  const mute = await muteOnce(server.url)
  try {
    const { clock, ports, stored } = await setUp()
    const channel = createEmailChannel(
      { from: { name: '', address: 'ecos@acme.example' } },
      createSmtp(async () => mute.url),
    )
    const handler = sender({ ...ports, channel })
    await expect(handler.handle(queued, attempt, context)).rejects.toMatchObject({
      code: 'delivery-uncertain',
      retryAfterSeconds: 1800,
    })
    expect(stored.state).toBe('UNCERTAIN')
    clock.ms += 1_800_000
    expect(await handler.handle(queued, attempt, context)).toBe('sent')
    expect(stored.deliveries).toMatchObject([
      { outcome: 'unknown', reason: expect.stringContaining('no answer') },
      { outcome: 'sent' },
    ])
    const [first, ...others] = server.received.map(({ mail }) => mail.messageId)
    expect([first, others]).toEqual([expect.stringContaining('@'), [first]])
  } finally {
    mute.close()
    await server.close()
  }
})

describe('a notification whose message is given up', () => {
  const failure = { tries: 130, isLast: true, fault: 'service' as const }
  const down = { ...failure, code: 'payload-unread', reason: 'S3 does not answer' }

  it('does not wait any more: S3 was down when its large content was to be read', async () => {
    const { ports, stored } = await setUp()
    const kept = { ...ports.kept, load: () => Promise.reject(new Error('S3 is down')) }
    const large: QueuedNotification = { ...queued, isKept: true }
    const handler = sender({ ...ports, kept })
    const last = { ...attempt, isLastReceive: true }
    await expect(handler.handle(large, last, context)).rejects.toThrow('S3 is down')
    expect(stored.state).toBe('WAIT_FOR_DISPATCH')
    await handler.recordFailure?.(large, down, attempt)
    expect(stored).toMatchObject({
      state: 'ERROR',
      reason: 'payload-unread: S3 does not answer',
    })
    // That message is in the dead-letter queue: another copy is not put beside it.
    const copy = { ...last, messageId: 'm2' }
    expect(await handler.handle(large, copy, context)).toBe('ended-earlier')
  })

  it('is UNCERTAIN if a sender died delivering it', async () => {
    const { ports, stored } = await setUp()
    const at = queued.queuedAt
    stored.claim = { id: 'c1', at, until: at }
    await sender(ports).recordFailure?.(
      queued,
      { ...down, code: 'unexpected-error', reason: 'x' },
      attempt,
    )
    expect(stored).toMatchObject({ state: 'UNCERTAIN', reason: 'unexpected-error' })
  })

  it('stays as it is while another sender delivers it, or once it has ended', async () => {
    const { ports, stored } = await setUp()
    const until = new Date(Date.parse(queued.queuedAt) + 70_000).toISOString()
    stored.claim = { id: 'c1', at: queued.queuedAt, until }
    await sender(ports).recordFailure?.(queued, down, attempt)
    expect(stored.state).toBe('WAIT_FOR_DISPATCH')
    delete stored.claim
    stored.state = 'CANCELLED'
    await sender(ports).recordFailure?.(queued, down, attempt)
    expect(stored.state).toBe('CANCELLED')
  })

  it.each(['EXPIRED', 'UNCERTAIN', 'BLOCKED'] as const)(
    'stays %s, for its reason',
    async (state) => {
      const { ports, store, stored } = await setUp()
      Object.assign(stored, { state, reason: 'x' })
      await sender(ports).recordFailure?.(queued, down, attempt)
      expect(stored).toMatchObject({ state, reason: 'x' })
      store.notifications.clear()
      await sender(ports).recordFailure?.(queued, down, attempt)
      expect(store.all).toEqual([])
    },
  )

  it('still waits after a try that is not the last', async () => {
    const { ports, stored } = await setUp()
    await sender(ports).recordFailure?.(queued, { ...down, isLast: false }, attempt)
    expect(stored.state).toBe('WAIT_FOR_DISPATCH')
  })
})

describe('a notification that is resent and redriven while its last try runs', () => {
  const answers = [
    { outcome: 'sent' },
    { outcome: 'transient', reason: 'SMTP 451' },
    { outcome: 'permanent', reason: 'SMTP 550' },
  ] as const

  it('is delivered by one sender at a time, and never again once it was accepted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom(...answers), { maxLength: 3 }),
        async (scheduler, first) => {
          let running = 0
          let mostAtOnce = 0
          const left: Delivery[] = [...first]
          const { clock, store, stored, ended, ports } = await setUp(
            () => left.shift() ?? { outcome: 'sent' },
          )
          stored.state = 'ERROR'
          const turn = (name: string) => scheduler.schedule(Promise.resolve(), name)
          const inTurns = new Proxy(store, {
            get(target, name: keyof MemoryStore) {
              const member = target[name]
              if (typeof member !== 'function') return member
              return async (...args: unknown[]) => {
                await turn(name)
                return Reflect.apply(member, target, args)
              }
            },
          })
          const channel: DeliverPorts['channel'] = {
            async deliver(message) {
              running += 1
              mostAtOnce = Math.max(mostAtOnce, running)
              await turn('deliver')
              running -= 1
              return ports.channel.deliver(message)
            },
          }
          const handler = sender({ ...ports, channel, notifications: inTurns })
          const receive = (message: QueuedNotification, isLastReceive: boolean) => {
            const since = { ...attempt, isLastReceive, sentAt: new Date(clock.ms - 1) }
            return handler.handle(message, since, context)
          }
          const messages: QueuedNotification[] = [queued]
          const resending = async () => {
            const record = await inTurns.find(queued)
            await resend(record ?? stored, ports.now(), {
              notifications: inTurns,
              kept: store,
              keptEvents: store.keptEvents,
              enqueueEvents: async () => {},
              enqueue: async (_, sent) => {
                for (const { body } of sent) messages.push(parseQueued(body))
              },
            })
          }
          const all = [receive(queued, true), receive(queued, false), resending()]
          await scheduler.waitFor(Promise.allSettled(all))
          // Everything that is still in a queue comes back, one after another.
          for (let round = 0; round < 4; round += 1) {
            for (const message of messages) {
              clock.ms += 40_000
              const again = receive(message, false)
              await scheduler.waitFor(Promise.allSettled([again]))
            }
          }
          expect(mostAtOnce).toBe(1)
          expect(ended.filter((outcome) => outcome === 'sent')).toHaveLength(1)
          expect(ended.at(-1)).toBe('sent')
          expect(stored.state).toBe('SENT')
        },
      ),
    )
  })
})
