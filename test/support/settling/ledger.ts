import type { BrokerEvent } from '../broker-double/broker-double.ts'

/** What a message is for, and so where it has to end. */
export const kinds = ['good', 'large', 'unreadable', 'refused', 'killer'] as const
export type Kind = (typeof kinds)[number]

export interface Sent {
  readonly id: string
  readonly kind: Kind
  readonly body: string
}

const size = 950_000

export function messageOf(kind: Kind, id: string): Sent {
  return { id, kind, body: kind === 'unreadable' ? `{"id":"${id}"` : eventText(kind, id) }
}

function eventText(kind: Kind, id: string): string {
  const type = kind === 'killer' ? killerType : goodType
  const data = { id, type, kind, ...(kind === 'large' && { text: 'x'.repeat(size) }) }
  return JSON.stringify({ data })
}

export const goodType = 'task.create'
/** An event of this type kills its process. */
export const killerType = 'comment.added'

export function routingKeyOf({ kind }: Sent): string {
  return kind === 'killer' ? killerType : goodType
}

/** What happened to every message, as its observers saw it: it shares no code with the bridge. */
export interface Ledger {
  readonly sent: Map<string, Sent>
  readonly accepted: Map<string, number>
  readonly quarantined: Map<string, number>
  /** What was settled before it was somewhere else, and what else must never happen. */
  readonly wrongs: string[]
  /** What the broker did with each message. */
  readonly histories: Map<string, string[]>
  onBroker(event: BrokerEvent, body: string): void
}

export function createLedger(): Ledger {
  const sent = new Map<string, Sent>()
  const accepted = new Map<string, number>()
  const quarantined = new Map<string, number>()
  const wrongs: string[] = []
  const histories = new Map<string, string[]>()
  return {
    sent,
    accepted,
    quarantined,
    wrongs,
    histories,
    onBroker(event, body) {
      const message = sent.get(idIn(body))
      const history = histories.get(idIn(body)) ?? []
      histories.set(idIn(body), [...history, event])
      if (message === undefined) wrongs.push(`settled what was never sent: ${body.slice(0, 40)}`)
      else if (event === 'deadLetter') wrongs.push(`dead-lettered ${message.kind} ${message.id}`)
      else if (event === 'acknowledge' && !isStored(message)) {
        wrongs.push(`acknowledged ${message.kind} ${message.id} before it was stored`)
      }
    },
  }

  function isStored({ id, kind }: Sent): boolean {
    if (kind === 'unreadable' || kind === 'refused') return quarantined.has(id)
    return accepted.has(id)
  }
}

export function idIn(text: string): string {
  return /"id":"([^"]*)"/.exec(text)?.[1] ?? ''
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
