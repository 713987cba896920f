import type { ChannelName } from '../channels/channel.ts'
import { type SubjectStore, subjectClosed } from './cancel.ts'
import { collectFailures } from './collect-failures.ts'
import { digestContent, digestOf, digestSize } from './digest.ts'
import type { QueueMessage } from './dispatch.ts'
import type { KeptNotifications } from './kept.ts'
import type { QueuedNotification } from './notification.ts'
import { queueBody } from './queue-body.ts'
import type { DueNotifications, NotificationRecord, NotificationStore } from './store.ts'

export interface ReleasePorts {
  readonly dueNotifications: DueNotifications
  readonly notifications: Pick<NotificationStore, 'find' | 'add' | 'change' | 'release'>
  readonly subjects: Pick<SubjectStore, 'isClosed'>
  readonly kept: KeptNotifications
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  /** Called for each notification that is no longer held, with its digest's id if it has one. */
  onReleased?(notification: NotificationRecord, outcome: ReleaseOutcome, digestId?: string): void
}

/** `over`: it no longer waited to be sent. */
export type ReleaseOutcome = 'queued' | 'in-digest' | 'over'

/**
 * Queues the held notifications that are due, those for a digest together. May be repeated at any
 * point: a notification that is queued twice is delivered once, and a digest keeps the members that it
 * was stored with.
 *
 * @returns how many are no longer held
 * @throws EcosError `notifications-left` if some failed, after all others were released
 */
export async function releaseHeld(now: Date, ports: ReleasePorts): Promise<number> {
  const failures = collectFailures()
  let count = 0
  for await (const keys of ports.dueNotifications.due('held', now)) {
    const found = await Promise.all(
      keys.map((key) => failures.guard(key, () => ports.notifications.find(key))),
    )
    const held = found.filter((record) => record?.heldUntil !== undefined) as NotificationRecord[]
    const waiting: NotificationRecord[] = []
    for (const record of held) {
      if (await failures.guard(record, () => stillWaits(record, ports))) waiting.push(record)
    }
    for (const record of waiting.filter(({ digest }) => !digest)) {
      await failures.guard(record, () => releaseAlone(record, now, ports))
    }
    const groups = Map.groupBy(
      waiting.filter(({ digest }) => digest),
      (record) => digestOf(record, 0).notificationId,
    )
    for (const members of groups.values()) {
      const [first] = members
      if (first) await failures.guard(first, () => releaseTogether(members, now, ports))
    }
    count += held.length
  }
  failures.throwIfAny()
  return count
}

async function stillWaits(record: NotificationRecord, ports: ReleasePorts): Promise<boolean> {
  const { tenant, subject, state } = record
  if (state === 'WAIT_FOR_DISPATCH') {
    if (subject === undefined || !(await ports.subjects.isClosed(tenant, subject))) return true
    await ports.notifications.change(record, { state: 'CANCELLED', reason: subjectClosed })
  }
  await ports.notifications.release(record)
  ports.onReleased?.(record, 'over')
  return false
}

async function releaseAlone(
  record: NotificationRecord,
  now: Date,
  ports: ReleasePorts,
): Promise<void> {
  await queue(await ports.kept.load(record), now, ports)
  await ports.notifications.release(record)
  ports.onReleased?.(record, 'queued')
}

/** A member that comes after its digest was made goes into the next one; a single one goes alone. */
async function releaseTogether(
  members: readonly NotificationRecord[],
  now: Date,
  ports: ReleasePorts,
): Promise<void> {
  let rest = members
  for (let n = 0; rest.length > 0; n += 1) {
    const [first] = rest
    if (!first) return
    const digest = digestOf(first, n)
    const known = await ports.notifications.find(digest)
    if (!known && rest.length === 1) return releaseAlone(first, now, ports)
    const stored = known ?? (await makeDigest(digest, rest.slice(0, digestSize), now, ports))
    if (stored.state === 'WAIT_FOR_DISPATCH') {
      await queue(await ports.kept.load(stored), now, ports)
    }
    const included = new Set(stored.members?.map(({ notificationId }) => notificationId))
    for (const member of rest.filter(({ notificationId }) => included.has(notificationId))) {
      await ports.notifications.release(member, stored.notificationId)
      ports.onReleased?.(member, 'in-digest', stored.notificationId)
    }
    rest = rest.filter(({ notificationId }) => !included.has(notificationId))
  }
}

async function makeDigest(
  digest: ReturnType<typeof digestOf>,
  records: readonly NotificationRecord[],
  now: Date,
  { kept, notifications }: ReleasePorts,
): Promise<NotificationRecord> {
  const contents = await Promise.all(records.map((record) => kept.load(record)))
  await kept.keep(digestContent(digest, contents, now))
  const members = records.map(({ tenant, eventType, eventId, notificationId }) => {
    return { tenant, eventType, eventId, notificationId }
  })
  return notifications.add(digest, { state: 'WAIT_FOR_DISPATCH', members })
}

/** The notification's time to live begins now. */
async function queue(
  queued: QueuedNotification,
  now: Date,
  { enqueue, kept }: ReleasePorts,
): Promise<void> {
  const body = await queueBody({ ...queued, queuedAt: now.toISOString() }, kept)
  await enqueue(queued.channel, [{ body, group: queued.tenant }])
}
