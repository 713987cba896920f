import { createHash, randomUUID } from 'node:crypto'
import type { QueuedMessage } from './message.ts'
import { deliveryLimit } from './topology.ts'

export type Suspect = Pick<
  QueuedMessage,
  'body' | 'properties' | 'queue' | 'redelivered' | 'routingKey' | 'wire'
>

/** Messages that are settled together. */
interface Group<Message = unknown> {
  readonly name: string
  readonly messages: readonly Message[]
  /** How often they came back, at most. */
  readonly returns: number
  /** How many processes have ended at it, as far as the order tells. */
  accused: number
}

/** Returns before its limit at which a message may not wait behind a killer any more. */
const margin = 5

/** How often the message was delivered before. */
export function deliveryCountOf(
  message: Pick<QueuedMessage, 'properties' | 'redelivered'>,
): number {
  return countedBy(message) ?? Number(message.redelivered)
}

/**
 * Quorum queues count unsettled deliveries: https://www.rabbitmq.com/docs/quorum-queues. They add no count to the first
 * one: a header that it has is the publisher's, or left from another queue.
 */
function countedBy({
  properties,
  redelivered,
}: Pick<QueuedMessage, 'properties' | 'redelivered'>): number | undefined {
  if (!redelivered) return undefined
  const headers = properties?.['headers'] as Record<string, unknown> | undefined
  const count = headers?.['x-delivery-count']
  return typeof count === 'number' ? count : undefined
}

/**
 * The order in which redelivered messages are settled alone. It follows from the messages and from how often they
 * came back, so a process knows in which order each one before it went, and where that one died: at the first that is
 * left. Those that are accused so come last. When each killer has killed a process, all innocent messages go first.
 *
 * A process may also have ended for another reason, which accuses an innocent message. So near the limit the most
 * often delivered go first, and of these the least accused: a killer is set aside before those behind it reach the
 * limit. The messages of an ordered queue stay together.
 */
export function inOrderOfSuspicion<Message extends Suspect>(held: readonly Message[]): Message[] {
  const groups = groupsOf(held)
  const mostReturns = groups.reduce((count, { returns }) => Math.max(count, returns), 0)
  // More rounds than the limit tell nothing new, and a header may have any number.
  for (let ago = Math.min(mostReturns - 1, deliveryLimit); ago > 0; ago -= 1) {
    const first = firstOf(groups, ago)
    if (first !== undefined) first.accused += 1
  }
  const ranked = groups.map((group) => ({ group, rank: rankOf(group, 0) }))
  return ranked
    .sort((a, b) => compare(a.rank, b.rank))
    .flatMap(({ group: { messages } }) => messages)
}

/** For messages that may come again uncounted, in the same batch: of these, half are settled before each end. */
export function inRandomOrder<Message>(messages: readonly Message[]): Message[] {
  const ranked = messages.map((message) => ({ message, rank: Math.random() }))
  return ranked.sort((a, b) => a.rank - b.rank).map(({ message }) => message)
}

/** The first of those that are left of a round: that one ended the process. */
function firstOf(groups: readonly Group[], ago: number): Group | undefined {
  let first: { readonly group: Group; readonly rank: Rank } | undefined
  for (const group of groups) {
    if (group.returns <= ago) continue
    const rank = rankOf(group, ago)
    if (first === undefined || compare(rank, first.rank) < 0) first = { group, rank }
  }
  return first?.group
}

/** Of two groups the lower one is settled first. */
type Rank = readonly [urgency: number, accused: number, place: string]

/** The rank in the round so many rounds ago. */
function rankOf({ accused, returns, name }: Group, ago: number): Rank {
  const then = returns - ago
  const isNear = then >= deliveryLimit - margin
  return [isNear ? -then : 0, accused, hash(`${name} ${then}`)]
}

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)
}

function groupsOf<Message extends Suspect>(held: readonly Message[]): Group<Message>[] {
  const groups = Map.groupBy(held, (message) => (message.wire === '2.0' ? message.queue : message))
  return [...groups.values()].map((messages) => {
    const [first] = messages as [Message]
    const name = first.wire === '2.0' ? first.queue : nameOf(first)
    return { name, messages, returns: Math.max(...messages.map(deliveryCountOf)), accused: 0 }
  })
}

/** The same in each process that gets the message, unless nobody counts: then one order would never change. */
function nameOf(message: Suspect): string {
  const { queue, routingKey = '', properties, body } = message
  if (countedBy(message) === undefined) return randomUUID()
  return hash(`${queue} ${routingKey} ${properties['messageId']} ${hash(body)}`)
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64')
}
