import type { ChannelName } from '../../../lib/channels/channel.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { EventKey } from '../../../lib/events/bus-event.ts'
import type { Subject, SubjectStore } from '../../../lib/notifications/cancel.ts'
import type {
  EventRecord,
  EventRecords,
  EventRun,
  PartRecord,
} from '../../../lib/notifications/event-records.ts'
import type { KeptNotifications } from '../../../lib/notifications/kept.ts'
import { keptEventsIn } from '../../../lib/notifications/kept-events.ts'
import {
  type Notification,
  parseQueued,
  type QueuedNotification,
} from '../../../lib/notifications/notification.ts'
import type { NotifyPorts } from '../../../lib/notifications/notify.ts'
import {
  type Claim,
  type DueKind,
  type DueNotifications,
  type HandlingFailure,
  type InitialState,
  isResult,
  type NewNotification,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  type Outcome,
  type Release,
  type Replanned,
  type StateChange,
} from '../../../lib/notifications/store.ts'
import { type Assignment, isLatest, type SubjectState } from '../../../lib/notifications/subject.ts'
import type {
  Subscriber,
  Subscription,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'

/** How a notification is tried, without chance. */
export const retry = {
  tries: 10,
  firstWaitSeconds: 5,
  factor: 4,
  capSeconds: 3600,
  jitter: 0,
  timeToLiveSeconds: 3600,
  uncertainRepeats: 2,
  uncertainWaitSeconds: 1800,
} as const

/** By the built-in templates. */
export const builtInRender = createRender(readBuiltIn())

/** A notification as it waits in its channel's queue. */
export const queued = {
  notificationId: 'a'.repeat(64),
  tenant: 'acme',
  eventType: 'task.assign',
  eventId: 'e1',
  channel: 'email',
  address: 'ivanov@acme.example',
  title: 't',
  text: 'x',
  html: 'h',
  locale: 'ru',
  customData: {},
  queuedAt: '2026-11-25T10:00:00.000Z',
  resend: 0,
} as const

/** A record, to be changed behind the store's back. */
export type Stored = { -readonly [Name in keyof NotificationRecord]: NotificationRecord[Name] }

/** The store's contract, as the table keeps it. */
export class MemoryStore
  implements NotificationStore, SubjectStore, KeptNotifications, DueNotifications
{
  readonly events = new Map<string, EventRecord>()
  readonly parts = new Map<string, PartRecord>()
  readonly failures = new Map<string, HandlingFailure>()
  readonly notifications = new Map<string, Stored>()
  readonly unannounced = new Set<string>()
  readonly subjects = new Map<string, SubjectState>()
  readonly kept = new Map<string, QueuedNotification>()
  private readonly objects = new Map<string, string>()
  readonly keptEvents = keptEventsIn(
    {
      save: async (key, body) => {
        this.objects.set(key, String(body))
        return key
      },
      load: async (key) => {
        const body = this.objects.get(key)
        if (body === undefined) throw new EcosError('payload-not-found', 'was not kept')
        return body
      },
    },
    '',
  )
  readonly now: () => Date
  /** Whether the tenants ask for the results of what is added. */
  announces = false

  constructor(now = () => new Date()) {
    this.now = now
  }

  async recordFailure(event: EventKey, failure: HandlingFailure) {
    this.failures.set(keyOf(event), failure)
  }
  async add(notification: Notification, initial: InitialState): Promise<NotificationRecord> {
    const known = this.notifications.get(notification.notificationId)
    const announce = this.announces && { announce: true as const }
    const about = { ...announce, ...notification, ...initial }
    const record = known ?? { ...about, deliveries: [], attempts: 0, resend: 0 }
    this.notifications.set(notification.notificationId, record)
    if (!known && record.announce && isResult(record.state))
      this.unannounced.add(notification.notificationId)
    return { ...record }
  }
  async addAll(all: readonly NewNotification[]) {
    return Promise.all(
      all.map(async ({ notification, initial }) => {
        if (this.notifications.has(notification.notificationId)) return undefined
        return this.add(notification, initial).catch(() => undefined)
      }),
    )
  }
  async find({ notificationId }: NotificationKey): Promise<NotificationRecord | undefined> {
    const stored = this.notifications.get(notificationId)
    return stored && { ...stored }
  }
  async change({ notificationId }: NotificationKey, change: Replanned) {
    const { state, reason, ...held } = change
    const stored = this.notifications.get(notificationId)
    if (!stored) return
    if (stored.state === 'SENT' || (stored.state === 'CANCELLED' && state !== 'SENT')) return
    stored.state = state
    if (state !== 'WAIT_FOR_DISPATCH') delete stored.heldUntil
    if (held.heldUntil !== undefined) Object.assign(stored, held)
    delete stored.reason
    if (reason !== undefined) stored.reason = reason
    if (stored.announce && isResult(state)) this.unannounced.add(notificationId)
  }
  async claim(seen: NotificationRecord, claim: Claim, ifLost?: StateChange) {
    const stored = this.notifications.get(seen.notificationId)
    if (!stored || !isUnchanged(stored, seen)) return undefined
    stored.claim = claim
    delete stored.notBefore
    if (ifLost) await this.change(seen, ifLost)
    return { ...seen, claim }
  }
  async settle(seen: NotificationRecord, outcome: Outcome) {
    const { delivery, goesOn, notBefore, endedBy, ...change } = outcome
    const stored = this.notifications.get(seen.notificationId)
    if (!stored) return undefined
    if (delivery) {
      stored.deliveries = [...stored.deliveries, delivery]
      stored.attempts += 1
    }
    const isOurs = stored.claim?.id === seen.claim?.id
    if (isOurs) delete stored.claim
    else if (change.state !== 'SENT') return stored.state
    await this.change(seen, change)
    if (stored.state !== change.state) {
      const isTold = stored.announce && delivery && stored.state === 'CANCELLED'
      if (isTold) this.unannounced.add(seen.notificationId)
      return stored.state
    }
    if (goesOn) this.unannounced.delete(seen.notificationId)
    else Object.assign(stored, { endedAt: this.now().toISOString(), endedBy })
    if (notBefore !== undefined) stored.notBefore = notBefore
    return stored.state
  }
  async hold({ notificationId, heldUntil }: NotificationRecord, until: string) {
    const stored = this.notifications.get(notificationId)
    if (stored?.state !== 'WAIT_FOR_DISPATCH' || stored.heldUntil !== heldUntil) return
    stored.heldUntil = until
  }
  async releaseAll(all: readonly Release[]) {
    return all.map(({ notification: { notificationId }, ...released }) => {
      const stored = this.notifications.get(notificationId)
      if (!stored) return false
      delete stored.heldUntil
      Object.assign(stored, released)
      return true
    })
  }
  async announced({ notificationId }: NotificationKey) {
    this.unannounced.delete(notificationId)
  }
  async reopen(seen: NotificationRecord) {
    const stored = this.notifications.get(seen.notificationId)
    if (!stored || !isUnchanged(stored, seen)) return undefined
    if (stored.claim && new Date(stored.claim.until) > this.now()) return undefined
    stored.state = 'WAIT_FOR_DISPATCH'
    stored.resend += 1
    for (const name of ['claim', 'notBefore', 'endedAt', 'endedBy', 'reason'] as const)
      delete stored[name]
    return stored.resend
  }
  due(kind: DueKind, now: Date) {
    return [this.line(kind, now)]
  }
  async next(_kind: DueKind, now: Date, end: Date) {
    const times = this.all.flatMap(({ heldUntil }) => (heldUntil ? [new Date(heldUntil)] : []))
    return times.filter((time) => time > now && time <= end).sort((a, b) => +a - +b)[0]
  }
  private async *line(kind: DueKind, now: Date) {
    const isDue = ({ notificationId, heldUntil = '9' }: Stored) =>
      kind === 'held' ? heldUntil <= now.toISOString() : this.unannounced.has(notificationId)
    yield this.all.filter(isDue).map((stored) => ({ ...stored }))
  }
  async close({ tenant }: EventKey, { id }: Subject) {
    this.subjects.set(subjectKey(tenant, id), {
      ...(await this.stateOf(tenant, id)),
      isClosed: true,
    })
  }
  async assign(tenant: string, { id }: Subject, assigned: Assignment) {
    const state = await this.stateOf(tenant, id)
    if (!isLatest(assigned, state.assigned)) return state
    this.subjects.set(subjectKey(tenant, id), { ...state, assigned })
    return this.stateOf(tenant, id)
  }
  async stateOf(tenant: string, id: string): Promise<SubjectState> {
    return this.subjects.get(subjectKey(tenant, id)) ?? { isClosed: false }
  }
  async statesOf(tenant: string, ids: readonly string[]) {
    const found = ids.map(async (id) => [id, await this.stateOf(tenant, id)] as const)
    return new Map(await Promise.all(found))
  }
  async notificationsOf(tenant: string, subject: string) {
    return this.all.filter((one) => one.tenant === tenant && one.subject === subject)
  }
  async keep(queued: QueuedNotification) {
    this.kept.set(queued.notificationId, queued)
  }
  async load({ notificationId }: NotificationKey): Promise<QueuedNotification> {
    const queued = this.kept.get(notificationId)
    if (!queued) throw new EcosError('payload-not-found', 'was not kept')
    return queued
  }
  async forget({ notificationId }: NotificationKey) {
    this.kept.delete(notificationId)
  }
  get all(): Stored[] {
    return [...this.notifications.values()]
  }
}

function subjectKey(tenant: string, id: string): string {
  return JSON.stringify([tenant, id])
}

function isUnchanged(stored: Stored, seen: NotificationRecord): boolean {
  const [{ state, attempts, resend }, claims] = [stored, [stored.claim?.id, seen.claim?.id]]
  const isSame = state === seen.state && attempts === seen.attempts && resend === seen.resend
  return isSame && claims[0] === claims[1]
}

function keyOf({ tenant, eventType, eventId, again }: EventRun): string {
  const key = `${tenant}#${eventType}#${eventId}`
  return again === undefined ? key : `${key}#${again}`
}

function memoryEvents({ events, parts }: MemoryStore): EventRecords {
  const keysOf = (run: EventRun) => `${keyOf(run)}#part#`
  return {
    find: async (run) => events.get(keyOf(run)),
    record: async (run, record) => void events.set(keyOf(run), record),
    async begin(run, record) {
      const stored = events.get(keyOf(run)) ?? record
      events.set(keyOf(run), stored)
      return stored
    },
    findPart: async (run, number) => parts.get(keysOf(run) + number),
    async savePart(run, record, before) {
      const key = keysOf(run) + record.number
      if (JSON.stringify(parts.get(key)) !== JSON.stringify(before)) return false
      parts.set(key, record)
      return true
    },
    partsOf: async (run) =>
      [...parts].flatMap(([key, record]) => (key.startsWith(keysOf(run)) ? [record] : [])),
  }
}

/** The outcomes of the events on record, without what is noted of them for operators. */
export function outcomesIn({ events }: MemoryStore): EventRecord[] {
  return [...events.values()].map((record) => {
    if (record.state === 'IN_PARTS') return record
    const { about: _, happenedAt: __, queuedAt: ___, startedAt: ____, ...outcome } = record
    return outcome
  })
}

/** Everything that notify needs, with what came out of it to be looked at. */
export function memoryPorts(
  subscriptions: readonly (Subscription & Pick<Subscriber, 'preferences'>)[],
) {
  const store = new MemoryStore()
  const queued: { channel: ChannelName; group: string; notification: QueuedNotification }[] = []
  const lost: [string, string][] = []
  const parts: string[] = []
  const ports: NotifyPorts = {
    payloads: { load: async () => '' },
    subscriptions: {
      find: async (tenant, usernames, eventType) =>
        subscriptions.filter(
          (one) =>
            one.tenant === tenant &&
            usernames.includes(one.username) &&
            one.eventType === eventType,
        ),
      async subscribersOf(tenant, eventType, { after = '', upTo = '\u{10ffff}' }, limit) {
        const all = subscriptions
          .filter((one) => one.tenant === tenant && one.eventType === eventType)
          .filter(({ username }) => username > after && username <= upTo)
          .toSorted((one, other) => (one.username < other.username ? -1 : 1))
        const subscribers = all.slice(0, limit)
        const next = all.length > limit ? subscribers.at(-1)?.username : undefined
        return { subscribers, recipients: subscribers.length, ...(next !== undefined && { next }) }
      },
      displayNames: async () => ({}),
      namesOf: async (tenant, eventType) =>
        subscriptions
          .filter((one) => one.tenant === tenant && one.eventType === eventType)
          .map(({ username }) => username)
          .toSorted(),
    },
    events: memoryEvents(store),
    parts: 3,
    hasTime: () => true,
    queueSelf: async (messages) => void parts.push(...messages.map(({ body }) => body)),
    notifications: store,
    subjects: store,
    kept: store,
    keptEvents: store.keptEvents,
    enqueue: async (channel, messages) => {
      for (const { body, group } of messages) {
        queued.push({ channel, group, notification: parseQueued(body) })
      }
    },
    onLost: ({ username }, reason) => void lost.push([username, reason]),
    localeOf: () => undefined,
    render: builtInRender,
    now: () => new Date('2026-11-25T10:00:00Z'),
  }
  return { store, queued, lost, parts, ports }
}
