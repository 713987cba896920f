import { EcosError } from '../errors.ts'
import { invalidData, parseData, readSent } from '../events/bus-event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type AboutPorts, aboutOf } from './about.ts'
import type { EventMessage } from './event-message.ts'
import { aboutEvent } from './event-notes.ts'
import type { EventRecords } from './event-records.ts'
import type { NotificationKind } from './kind.ts'
import { beginParts, type PartsPorts, queueParts, tellPart } from './parts.ts'
import { peopleOf } from './people.ts'
import { planAgain } from './plan-again.ts'
import type { Recipients } from './recipients.ts'
import { type RemindPorts, reminding } from './reminders/remind.ts'
import type { NotificationStore } from './store.ts'
import {
  type Subscriber,
  type SubscriptionStore,
  subscribedType,
} from './subscriptions/subscriptions.ts'
import { type TellPorts, telling } from './tell.ts'
import { peopleIn } from './templates/event-facts.ts'

export interface NotifyPorts extends TellPorts, RemindPorts, PartsPorts, AboutPorts {
  readonly kept: TellPorts['kept']
  readonly payloads: Pick<PayloadStore, 'load'>
  readonly subscriptions: SubscriptionStore
  readonly notifications: Pick<NotificationStore, 'add' | 'addAll' | 'find' | 'change'>
  readonly events: EventRecords
  /** When the event was put into the handler's queue. */
  readonly queuedAt?: Date
}

export type NotifyOutcome =
  | 'handled'
  | 'recipients-not-found'
  | 'duplicate'
  /** Its recipients are told part by part, by further messages. */
  | 'in-parts'
  /** A step of a part, which another message carries on with. */
  | 'part-continues'
  | 'part-handled'
  /** One person was told again. */
  | 'planned-again'

/** An event with more recipients is told in parts. */
const maxRecipients = 100

/**
 * Makes an event's notifications and queues each for its channel. A notification that fails for its own
 * fault is ERROR; all others are queued. May be repeated at any point, also by two invocations at once:
 * the event's own record is written last, and an event that was handled is not handled again.
 */
export async function notify<Data extends object>(
  kind: NotificationKind<Data>,
  event: EventMessage,
  ports: NotifyPorts,
): Promise<NotifyOutcome> {
  const { tenant, eventType, part, failed } = event
  if (eventType !== kind.type) {
    const problem = `The handler of ${kind.type} got an event of the type ${eventType}`
    throw new EcosError('unexpected-event-type', problem)
  }
  const startedAt = ports.now().toISOString()
  const record = await ports.events.find(event)
  if (record && !failed && record.state !== 'IN_PARTS') return 'duplicate'
  if (record?.state === 'IN_PARTS' && !part && !failed) {
    await queueParts(event, record, ports)
    return 'in-parts'
  }
  const sent = await readSent(event, ports.payloads)
  const data = parseData(event, sent, kind.schema)
  const type = subscribedType(kind.type)
  const named = recipientsOf(kind, event, Object(sent))
  const unread = named === 'subscribers' || named.unread.length === 0 ? undefined : named.unread
  const people = peopleOf(named, { tenant, type }, ports.subscriptions)
  const mentioned = [...new Set(Object.values(peopleIn(data)))]
  const [about, names, page] = await Promise.all([
    aboutOf(kind, event, { data, sent: Object(sent) }, ports),
    ports.subscriptions.displayNames(tenant, mentioned),
    part || failed ? undefined : people.page({}, maxRecipients),
  ])
  const told = { kind, event, data, about, people: names }
  const [tellOnly, remind] = [telling(told, ports), reminding(told, ports)]
  const assignees =
    typeof kind.reminds === 'function' ? kind.reminds(Object(sent)).names : undefined
  const tell = async (subscribers: readonly Subscriber[]) => {
    const result = await tellOnly(subscribers)
    await remind(subscribers.filter(({ username }) => assignees?.includes(username) ?? true))
    return result
  }
  if (failed) return planAgain(event, failed, type, tell, ports)
  const notes = { about: aboutEvent(data), unread, happenedAt: event.time }
  if (part) return tellPart({ ...event, part }, { people, notes }, tell, ports)

  const { subscribers, recipients, next } = page ?? (await people.page({}, maxRecipients))
  if (next !== undefined) {
    await beginParts(event, people, ports)
    return 'in-parts'
  }
  const { ids, broken } = await tell(subscribers)
  const untold = assignees?.filter((name) => named === 'subscribers' || !named.names.includes(name))
  if (untold?.length) await remind(await ports.subscriptions.find(tenant, untold, type))
  // The tenant's own template is nobody's choice: the event rests in the dead-letter queue until it is mended.
  if (broken !== undefined) throw broken

  const state = recipients > 0 ? 'HANDLED' : 'RECIPIENTS_NOT_FOUND'
  const times = { queuedAt: ports.queuedAt?.toISOString(), startedAt }
  const counts = { recipients, notifications: ids.length }
  await ports.events.record(event, { state, ...counts, ...notes, ...times })
  return state === 'HANDLED' ? 'handled' : 'recipients-not-found'
}

/** @throws EcosError `invalid-event-data` if nobody whom the event names can be read */
function recipientsOf<Data extends object>(
  kind: NotificationKind<Data>,
  event: EventMessage,
  sent: object,
): Recipients | 'subscribers' {
  const named = kind.recipients(sent)
  if (named === 'subscribers' || named.names.length > 0 || named.unread.length === 0) return named
  throw invalidData(event, named.unread.join(', '))
}
