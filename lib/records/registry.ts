import type { Interest } from '../events/interest.ts'
import { attributesOf, type Predicate } from '../events/predicate.ts'
import type { ListenerSubscribed, ListenerWithdrawn } from './messages.ts'

/**
 * A source's knowledge of its listeners, built from their messages alone. Messages may be duplicated,
 * late, reordered or lost: an instance's highest sequence wins, and an entry that is not renewed expires.
 * Every message holds the instance's complete interests, so the next one makes up for a lost one.
 */
export interface Registry {
  /** @returns false for a late or duplicate message, which is ignored */
  apply(message: ListenerSubscribed | ListenerWithdrawn, now: number): boolean
  /** The listeners of events of that type. */
  interested(eventType: string, now: number): InterestedListener[]
  /** The ids of all subscribed listeners. */
  listeners(now: number): string[]
  /** Unsubscribes every instance that named the queue, until its next message: the queue is gone. */
  forgetQueue(queue: string): void
}

/** A listener with the merged interests of all its instances. */
export interface InterestedListener {
  readonly listener: string
  readonly queue: string
  /** Sorted, without duplicates. */
  readonly attributes: readonly string[]
  /** An event must match one of them; with an empty list every event is wanted. */
  readonly filters: readonly Predicate[]
}

interface Instance {
  readonly sequence: number
  /** Epoch milliseconds. */
  readonly endsAt: number
  /** Absent after a withdrawal, which is kept so that a late message can't undo it. */
  readonly subscribed?: ListenerSubscribed
}

/** Milliseconds for which a withdrawal is kept. */
const withdrawalRetention = 600_000

/** Bounds the memory that unknown participants can occupy. */
const maxInstances = 10_000

export function createRegistry(): Registry {
  const instances = new Map<string, Instance>()

  const expire = (now: number) => {
    for (const [key, { endsAt }] of instances) if (endsAt <= now) instances.delete(key)
  }
  const subscriptions = (now: number) =>
    [...instances.values()].flatMap(({ endsAt, subscribed }) =>
      endsAt > now && subscribed ? [subscribed] : [],
    )
  return {
    apply(message, now) {
      if (instances.size >= maxInstances) expire(now)
      const key = JSON.stringify([message.listener.id, message.listener.instanceId])
      const known = instances.get(key)
      if (known ? message.sequence <= known.sequence : instances.size >= maxInstances) return false
      instances.set(key, instanceOf(message, now))
      return true
    },

    interested(eventType, now) {
      const wanted = subscriptions(now).flatMap((subscribed) => {
        const interest = subscribed.interests[eventType]
        return interest
          ? [{ listener: subscribed.listener.id, queue: subscribed.queue, interest }]
          : []
      })
      const groups = Map.groupBy(wanted, ({ listener, queue }) => JSON.stringify([listener, queue]))
      return [...groups.values()].map(mergeGroup)
    },

    listeners: (now) => [...new Set(subscriptions(now).map(({ listener }) => listener.id))],

    forgetQueue(queue) {
      for (const [key, { subscribed, ...instance }] of instances) {
        if (subscribed?.queue === queue) instances.set(key, instance)
      }
    },
  }
}

function instanceOf(message: ListenerSubscribed | ListenerWithdrawn, now: number): Instance {
  const { sequence } = message
  return message.kind === 'listener.subscribed'
    ? { sequence, endsAt: now + message.leaseSeconds * 1000, subscribed: message }
    : { sequence, endsAt: now + withdrawalRetention }
}

interface Wanted {
  readonly listener: string
  readonly queue: string
  readonly interest: Interest
}

function mergeGroup(group: readonly Wanted[]): InterestedListener {
  const [{ listener, queue }] = group as [Wanted]
  const filters = group.map(({ interest }) => interest.filter)
  const attributes = new Set(group.flatMap(({ interest }) => interest.attributes))
  return {
    listener,
    queue,
    attributes: [...attributes].sort(),
    filters: filters.every((filter) => filter !== undefined) ? filters : [],
  }
}

/** Every attribute that the listeners or their filters need. */
export function unionOf(listeners: readonly InterestedListener[]): string[] {
  const needed = listeners.flatMap(({ attributes, filters }) => [
    ...attributes,
    ...filters.flatMap(attributesOf),
  ])
  return [...new Set(needed)].sort()
}
