import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Message } from 'amqplib'
import { markInBody } from '../plan/marks.ts'
import type { PlannedMessage } from '../plan/message.ts'
import { messageKey } from '../verdict/verdict.ts'

/** Milliseconds after which a producer without a confirm publishes again, on a new connection. */
const patience = 20_000

/** Publishes each message at its time, as often as it takes until the broker has confirmed it. */
export interface Producer {
  /** Resolves when every message is confirmed. */
  readonly done: Promise<void>
  /** Copies of each message that may be at the broker, by `messageKey`. */
  readonly copies: ReadonlyMap<string, number>
  readonly bytes: number
  /** Messages of which the broker gave a copy back, because it had no queue for it: by `messageKey`. */
  readonly returned: ReadonlySet<string>
}

export function startProducer(amqpUrl: string, messages: readonly PlannedMessage[]): Producer {
  const copies = new Map<string, number>()
  const returned = new Set<string>()
  const start = Date.now()
  let bytes = 0
  let link: ReturnType<typeof open> | undefined

  async function open() {
    const connection = await connect(`${amqpUrl}?heartbeat=10`, { timeout: 10_000 })
    const lost = Promise.withResolvers<never>()
    lost.promise.catch(() => undefined)
    connection.on('error', () => undefined)
    connection.on('close', () => lost.reject(new Error('The connection is lost')))
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => undefined)
    channel.on('return', ({ fields, content }: Message) => {
      const [, tenant = fields.exchange] = /^tenant\.(.*)\.events$/.exec(fields.exchange) ?? []
      returned.add(messageKey({ tenant, mark: markInBody(content) }))
    })
    return { connection, channel, lost: lost.promise }
  }

  async function publish(message: PlannedMessage): Promise<void> {
    const { tenant, routingKey, headers, contentEncoding } = message
    const { exchange = `tenant.${tenant}.events` } = message
    const key = messageKey(message)
    const body = message.body()
    const properties = {
      ...{ contentType: 'text/plain', deliveryMode: 2, priority: 0, headers, mandatory: true },
      ...(contentEncoding !== undefined && { contentEncoding }),
    }
    for (;;) {
      link ??= open()
      const current = link
      try {
        const { channel, lost } = await current
        // A copy whose confirm is lost may be there as well.
        copies.set(key, (copies.get(key) ?? 0) + 1)
        bytes += body.length
        const confirmed = Promise.withResolvers<void>()
        const settle = (error: unknown) => (error ? confirmed.reject(error) : confirmed.resolve())
        channel.publish(exchange, routingKey, body, properties, settle)
        await Promise.race([confirmed.promise, lost, tooLate()])
        return
      } catch {
        if (link === current) link = undefined
        await sleep(500)
      }
    }
  }

  async function produce(): Promise<void> {
    const published: Promise<void>[] = []
    for (const message of messages) {
      await sleep(Math.max(0, start + message.at - Date.now()))
      published.push(publish(message))
    }
    await Promise.all(published)
    const last = await link?.catch(() => undefined)
    await last?.connection.close().catch(() => undefined)
  }

  return {
    done: produce(),
    copies,
    returned,
    get bytes() {
      return bytes
    },
  }
}

async function tooLate(): Promise<never> {
  await sleep(patience, undefined, { ref: false })
  throw new Error('No confirm')
}
