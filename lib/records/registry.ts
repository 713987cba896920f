import type { Interest } from '../events/interest.ts'
import { attributesOf, type Predicate } from '../events/predicate.ts'
import type { ListenerSubscribed, ListenerWithdrawn } from './messages.ts'

/**
 * What a source knows of its listeners, from their messages alone. They may come twice, late, out of
 * order or not at all: an instance's highest sequence counts, and what is not renewed ends by itself.
 * Every message holds all that its instance wants, so that one that is lost is made good by the next.
 */
export interface Registry {
  /** @returns whether it counts: false for one that came late or twice */
  apply(message: ListenerSubscribed | ListenerWithdrawn, now: number): boolean
  /** Everyone who wants events of that type. */
  interested(eventType: string, now: number): InterestedListener[]
  /** The ids of all listeners that are there. */
  listeners(now: number): string[]
  /** Nobody takes from that queue any more: whoever named it is gone until it says otherwise. */
  forgetQueue(queue: string): void
}

/** A listener, with what all its instances want together. */
export interface InterestedListener {
  readonly listener: string
  readonly queue: string
  /** Sorted, each once. */
  readonly attributes: readonly string[]
  /** One of them has to hold. None: every event is wanted. */
  readonly filters: readonly Predicate[]
}

interface Instance {
  readonly sequence: number
  /** Epoch milliseconds. */
  readonly endsAt: number
  /** Absent once it has withdrawn: that is remembered, so that a late message can't undo it. */
  readonly subscribed?: ListenerSubscribed
}

/** How long it is remembered that an instance has withdrawn, in milliseconds. */
const withdrawalRemembered = 600_000

/** A bound for what strangers may make us remember. */
const mostInstances = 10_000

export function createRegistry(): Registry {
  const instances = new Map<string, Instance>()

  const expire = (now: number) => {
    for (const [key, { endsAt }] of instances) if (endsAt <= now) instances.delete(key)
  }
  const living = (now: number) =>
    [...instances.values()].flatMap(({ endsAt, subscribed }) =>
      endsAt > now && subscribed ? [subscribed] : [],
    )
  return {
    apply(message, now) {
      if (instances.size >= mostInstances) expire(now)
      const key = JSON.stringify([message.listener.id, message.listener.instanceId])
      const known = instances.get(key)
      if (known ? message.sequence <= known.sequence : instances.size >= mostInstances) return false
      instances.set(key, instanceOf(message, now))
      return true
    },

    interested(eventType, now) {
      const wanted = living(now).flatMap((subscribed) => {
        const interest = subscribed.interests[eventType]
        return interest
          ? [{ listener: subscribed.listener.id, queue: subscribed.queue, interest }]
          : []
      })
      const groups = Map.groupBy(wanted, ({ listener, queue }) => JSON.stringify([listener, queue]))
      return [...groups.values()].map((group) => together(group))
    },

    listeners: (now) => [...new Set(living(now).map(({ listener }) => listener.id))],

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
    : { sequence, endsAt: now + withdrawalRemembered }
}

interface Wanted {
  readonly listener: string
  readonly queue: string
  readonly interest: Interest
}

function together(group: readonly Wanted[]): InterestedListener {
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

/** All that has to be loaded so that each of them gets its part and each filter can be asked. */
export function unionOf(listeners: readonly InterestedListener[]): string[] {
  const all = listeners.flatMap(({ attributes, filters }) => [
    ...attributes,
    ...filters.flatMap(attributesOf),
  ])
  return [...new Set(all)].sort()
}
