import { connect } from 'amqplib'
import type { Plain } from '../../lib/records/events-2/codec.ts'
import type { ZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { encodeEvent2 } from './encode-event-2.ts'

/** An event of a source of events 2.0; `values` are its attributes, by path. */
export interface SourceEvent {
  readonly id: string
  readonly type: string
  readonly values: Plain
}

/**
 * Announces events as ECOS's Java services do: each target that ZooKeeper has for the type gets the
 * attributes that it asked for.
 *
 * @returns the keys of the targets
 */
export async function announce(
  amqpUrl: string,
  zooKeeper: ZooKeeper,
  events: readonly SourceEvent[],
): Promise<string[]> {
  const targets = new Set<string>()
  const messages: { key: string; body: Uint8Array }[] = []
  for (const event of events) {
    for (const key of await zooKeeper.getChildren(`/ecos/events/${event.type}`)) {
      targets.add(key)
      const node = await zooKeeper.getData(`/ecos/events/${event.type}/${key}`)
      const { data } = JSON.parse(node?.data.toString() ?? '{}')
      messages.push({ key, body: bodyOf(event, data.attributes) })
    }
  }
  await send(amqpUrl, messages)
  return [...targets]
}

export async function send(
  amqpUrl: string,
  messages: readonly { key: string; body: Uint8Array }[],
): Promise<void> {
  const connection = await connect(amqpUrl)
  try {
    const channel = await connection.createConfirmChannel()
    for (const { key, body } of messages) {
      channel.publish('ecos-events', key, Buffer.from(body), { headers: {} })
    }
    await channel.waitForConfirms()
  } finally {
    await connection.close()
  }
}

export function bodyOf({ id, type, values }: SourceEvent, wanted: readonly string[]): Uint8Array {
  return encodeEvent2({
    id,
    type,
    time: new Date('2026-03-01T09:00:00Z'),
    user: 'ivanov',
    source: { app: 'emodel' },
    attributes: Object.fromEntries(wanted.map((path) => [path, values[path] ?? null])),
  })
}
