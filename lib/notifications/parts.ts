import { EcosError, messageOf } from '../errors.ts'
import type { BusEvent } from '../events/bus-event.ts'
import type { QueueMessage } from './dispatch.ts'
import { type EventMessage, encodeEvent, type Part } from './event-message.ts'
import type { EventNotes } from './event-notes.ts'
import type { EventInParts, EventRecords, PartRecord } from './event-records.ts'
import { cutIntoRanges, type People } from './people.ts'
import type { Subscriber } from './subscriptions/subscriptions.ts'
import type { Told } from './tell.ts'

export interface PartsPorts {
  readonly events: EventRecords
  /** Into how many parts an event's recipients are cut: so many of its messages are in the queue at once. */
  readonly parts: number
  /** Whether the invocation has time for more people. */
  hasTime(): boolean
  /** Puts messages into the handler's own queue. */
  queueSelf(messages: readonly QueueMessage[]): Promise<void>
}

/** An event's people, and what is noted of the event. */
interface ReadEvent {
  readonly people: People
  readonly notes: EventNotes
}

/** People who are told between two looks at the time: what a try that dies has to repeat. */
const pageSize = 100

/** Cuts the recipients into parts, once, and queues the first step of each. */
export async function beginParts(
  event: BusEvent,
  people: People,
  ports: PartsPorts,
): Promise<void> {
  const names = await people.names()
  const ranges = cutIntoRanges(names, ports.parts)
  const record = await ports.events.begin(event, {
    ...{ state: 'IN_PARTS', recipients: names.length, ranges },
  })
  if (record.state === 'IN_PARTS') await queueParts(event, record, ports)
}

/** Queues a step of each part that is not done, also where the event comes again or is replayed. */
export async function queueParts(
  event: BusEvent,
  { ranges }: EventInParts,
  ports: PartsPorts,
): Promise<void> {
  const known = await ports.events.partsOf(event)
  const steps = ranges.flatMap((range, number) => {
    const record = known.find((one) => one.number === number)
    if (record && isTold(record)) return []
    return [messageOfPart(event, { number, step: record?.step ?? 0, ...range })]
  })
  await ports.queueSelf(steps)
}

/**
 * Tells people of a part until the invocation's time is up, page by page. Each page is recorded, so that
 * a try that fails is carried on with rather than repeated; then the next step is queued.
 */
export async function tellPart(
  event: EventMessage & { readonly part: Part },
  { people, notes }: ReadEvent,
  tell: (subscribers: readonly Subscriber[]) => Promise<Told>,
  ports: PartsPorts,
): Promise<'handled' | 'duplicate' | 'part-continues' | 'part-handled'> {
  const { part } = event
  const { events } = ports
  const known = await events.findPart(event, part.number)
  if (known && part.step < known.step) return 'duplicate'
  if (known && isTold(known)) return endPart(event, known, notes, ports)
  // A redriven part that was broken begins again: its template may have been mended.
  let progress: PartRecord | undefined = known
  let done: PartRecord =
    known && !known.isDone ? known : { ...start, number: part.number, step: part.step }
  while (!done.isDone) {
    const page = await people.page({ after: done.after ?? part.after, upTo: part.upTo }, pageSize)
    const { ids, broken = done.broken } = await tell(page.subscribers)
    const next: PartRecord = {
      number: part.number,
      step: part.step,
      after: page.next,
      isDone: page.next === undefined,
      recipients: done.recipients + page.recipients,
      notifications: done.notifications + ids.length,
      ...(broken !== undefined && { broken: messageOf(broken) }),
    }
    if (!(await events.savePart(event, next, progress))) return 'duplicate'
    done = progress = next
    if (!done.isDone && !ports.hasTime()) {
      await ports.queueSelf([messageOfPart(event, { ...part, step: part.step + 1 })])
      return 'part-continues'
    }
  }
  return endPart(event, done, notes, ports)
}

const start = { isDone: false, recipients: 0, notifications: 0 } as const

function isTold({ isDone, broken }: PartRecord): boolean {
  return isDone && broken === undefined
}

/** The last part that ends records the event. */
async function endPart(
  event: EventMessage & { readonly part: Part },
  { broken }: PartRecord,
  notes: EventNotes,
  { events }: PartsPorts,
): Promise<'handled' | 'part-handled'> {
  if (broken !== undefined) {
    // No try helps before the next deployment.
    throw new EcosError('template-failed', broken, { retryAfterSeconds: 0 })
  }
  const [record, parts] = await Promise.all([events.find(event), events.partsOf(event)])
  if (record?.state !== 'IN_PARTS') return 'part-handled'
  if (parts.length < record.ranges.length || !parts.every(isTold)) return 'part-handled'
  await events.record(event, {
    state: 'HANDLED',
    recipients: sum(parts.map(({ recipients }) => recipients)),
    notifications: sum(parts.map(({ notifications }) => notifications)),
    ...notes,
  })
  return 'handled'
}

function messageOfPart(event: BusEvent, part: Part): QueueMessage {
  return { body: encodeEvent(event, { part }), group: event.tenant }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
