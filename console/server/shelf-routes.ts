import type { Hono } from 'hono'
import * as z from 'zod'
import { catalogue, type EventType, isEventType } from '../../lib/events/catalogue.ts'
import { type Difference, differencesOf } from '../../lib/operations/differences.ts'
import { type FailsAgain, failsAgain } from '../../lib/operations/fails-again.ts'
import { dataOfLetter } from '../../lib/operations/letter-data.ts'
import type { Group } from '../../lib/operations/selection.ts'
import { type CauseCount, causesOf } from './causes.ts'
import type { Fault } from './fault.ts'
import { type ListedLetter, listed } from './letters.ts'
import { cameBack, type Outlook, trial } from './outlook.ts'
import type { ConsolePorts } from './ports.ts'
import { parse, tenantId, typed } from './request.ts'
import type { Samples } from './samples.ts'
import type { Shelf, ShelfFilter, ShelvedLetter } from './shelf.ts'

/** Letters on a page, and groups that are shown. */
const perPage = 50
const maxGroups = 100

export const shelfFilter = z.object({
  tenant: tenantId.optional(),
  whose: tenantId.optional(),
  type: typed(300).optional(),
  cause: typed(300).optional(),
  queue: typed(300).optional(),
  words: typed(300).optional(),
})
const query = shelfFilter.extend({
  start: z.coerce.number().int().min(0).max(10_000_000).default(0),
  /** Epoch milliseconds: when the page asked for newer letters. */
  since: z.coerce.number().int().min(0).default(0),
  /** The cause whose groups are shown. */
  opened: typed(300).optional(),
})
const one = z.object({ queue: typed(300), message: typed(300) })
const about = z.object({ id: typed(300) })

/** Letters of one event that are sent with their bodies. */
const maxAbout = 50

/** A letter in the list: without its body. */
export interface ShelfRow {
  readonly queue: string
  readonly kind: ShelvedLetter['kind']
  readonly messageId: string
  readonly sentAt: string
  readonly tenant?: string | undefined
  readonly type?: string | undefined
  readonly eventId?: string | undefined
  readonly reason?: string | undefined
  readonly cause: string
}

/** A queue to which letters go back. */
export interface Goal {
  readonly queue: string
  readonly kind: ShelvedLetter['kind']
  readonly tenant?: string | undefined
  readonly count: number
}

export interface ShelfView {
  readonly at?: string | undefined
  readonly until?: string | undefined
  readonly isReading: boolean
  readonly read: number
  readonly more: boolean
  readonly problems: readonly Fault[]
  /** Of the tenant and the queue, or of all: the largest first. */
  readonly byCause: readonly CauseCount[]
  /** The same, of the cause that is opened. */
  readonly groups: readonly Group[]
  readonly moreGroups: number
  /** How many letters match the filter, and where they go. */
  readonly matching: number
  readonly goals: readonly Goal[]
  /** Of those that match: the first ones. */
  readonly causes: readonly string[]
  /** To choose from. */
  readonly allTypes: readonly string[]
  readonly allCauses: readonly string[]
  readonly allQueues: readonly string[]
  readonly start: number
  readonly letters: readonly ShelfRow[]
}

/** A letter with its outlook and its differences from an event that passed. */
export interface LetterView {
  readonly letter: ShelfRow & {
    readonly body: string
    readonly isCut?: true
    readonly notificationId?: string | undefined
  }
  readonly again?: FailsAgain | undefined
  readonly comparison?: Comparison | undefined
}

/** Letters of an event as they were read last: reading the queues for them takes its time. */
export interface AboutView {
  readonly letters: readonly ListedLetter[]
}

export interface Comparison {
  /** An event of the same tenant and type that was handled, or the type's example. */
  readonly with: 'event' | 'example'
  readonly eventId?: string
  readonly at?: string
  readonly differences: readonly Difference[]
}

export interface ShelfPorts {
  readonly ports: Pick<ConsolePorts, 'stories' | 'enabledTypes' | 'audit'>
  shelfOf(cell: string): Shelf
  samplesOf(cell: string): Samples
}

/** The dead letters of a cell in pages, and each with what tells whether it is worth sending back. */
export function shelfRoutes(routes: Hono, { ports, shelfOf, samplesOf }: ShelfPorts): void {
  routes.get('/:cell/shelf', (context) => {
    const { start, since, opened, ...filter } = parse(query, context.req.query())
    const shelf = shelfOf(context.req.param('cell'))
    shelf.readSince(since)
    return context.json(viewOf(shelf, filter, { start, opened }))
  })
  routes.get('/:cell/shelf/about', (context) => {
    const { id } = parse(about, context.req.query())
    const letters = shelfOf(context.req.param('cell')).about(id).slice(0, maxAbout)
    const view: AboutView = {
      letters: letters.map((one) => ({
        ...listed(one, one.body.length),
        ...(one.isCut && { isCut: one.isCut }),
      })),
    }
    return context.json(view)
  })
  routes.get('/:cell/shelf/outlook', async (context) => {
    const filter = parse(shelfFilter, context.req.query())
    const { cell } = context.req.param()
    const letters = shelfOf(cell).matching(filter)
    const tried = await trial(letters, await tenantsIn(ports, cell))
    const outlook: Outlook = { ...tried, before: await cameBack(letters, filter, ports, cell) }
    return context.json(outlook)
  })
  routes.get('/:cell/shelf/letter', async (context) => {
    const { queue, message } = parse(one, context.req.query())
    const { cell } = context.req.param()
    const letter = shelfOf(cell).find(queue, message)
    if (!letter) return context.json({ code: 'letter-gone', message: 'It is not listed now' }, 404)
    const known = await tenantsIn(ports, cell)
    const view: LetterView = {
      letter: { ...rowOf(letter), ...bodyOf(letter) },
      // A cut body can't be tried.
      ...(!letter.isCut && {
        again: await failsAgain(letter, known),
        comparison: await comparisonOf(letter, samplesOf(cell), ports, cell),
      }),
    }
    return context.json(view)
  })
}

async function tenantsIn(
  ports: Pick<ConsolePorts, 'enabledTypes'>,
  cell: string,
): Promise<readonly string[] | undefined> {
  const enabled = await ports.enabledTypes(cell).catch(() => undefined)
  return enabled && [...new Set(enabled.map(({ tenant }) => tenant))]
}

function viewOf(
  shelf: Shelf,
  filter: ShelfFilter,
  asked: { readonly start: number; readonly opened: string | undefined },
): ShelfView {
  const letters = shelf.matching(filter)
  const { tenant, queue } = filter
  const all = shelf.groups({ tenant, queue })
  const groups = all.filter(({ cause }) => asked.opened === undefined || cause === asked.opened)
  // Letters that were sent back are gone.
  const start = asked.start < letters.length ? asked.start : 0
  return {
    ...shelf.state(),
    byCause: causesOf(all),
    groups: groups.slice(0, maxGroups),
    moreGroups: Math.max(0, groups.length - maxGroups),
    matching: letters.length,
    goals: goalsOf(letters),
    causes: [...new Set(letters.map(({ cause }) => cause))].slice(0, 5),
    allTypes: distinct(all.map(({ type }) => type)),
    allCauses: distinct(all.map(({ cause }) => cause)),
    allQueues: shelf.queues({ tenant }),
    start,
    letters: letters.slice(start, start + perPage).map(rowOf),
  }
}

/** Choices of one filter, at most. */
const maxChoices = 200

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort().slice(0, maxChoices)
}

function rowOf(letter: ShelvedLetter): ShelfRow {
  const { queue, kind, messageId, sentAt, tenant, type, eventId, reason, cause } = letter
  const at = sentAt.toISOString()
  return { queue, kind, messageId, sentAt: at, tenant, type, eventId, reason, cause }
}

function bodyOf({ body, isCut, notificationId }: ShelvedLetter) {
  return { body, notificationId, ...(isCut && { isCut }) }
}

function goalsOf(letters: readonly ShelvedLetter[]): Goal[] {
  const ofBroker = ({ kind }: ShelvedLetter) => kind === 'quarantined' || kind === 'message'
  const groups = Map.groupBy(letters, (letter) =>
    JSON.stringify([letter.queue, letter.kind, ofBroker(letter) ? letter.tenant : undefined]),
  )
  return [...groups.values()].flatMap(([first, ...others]): Goal[] => {
    if (!first) return []
    const { queue, kind, tenant } = first
    return [{ queue, kind, ...(ofBroker(first) && { tenant }), count: others.length + 1 }]
  })
}

/** The latest event of the same tenant and type that was handled; without one, the type's example. */
async function comparisonOf(
  letter: ShelvedLetter,
  samples: Samples,
  ports: Pick<ConsolePorts, 'stories'>,
  cell: string,
): Promise<Comparison | undefined> {
  const { tenant, type, eventId } = letter
  const data = dataOfLetter(letter)
  if (data === undefined || tenant === undefined || type === undefined) return undefined
  for (const sample of samples.of(tenant, type)) {
    if (sample.eventId === eventId) continue
    const stories = await ports.stories(cell, [{ tenant, type }], sample.eventId).catch(() => [])
    if (!stories.some(({ handled }) => handled)) continue
    const differences = differencesOf(data, sample.data)
    return { with: 'event', eventId: sample.eventId, at: sample.at, differences }
  }
  if (!isEventType(type)) return undefined
  return { with: 'example', differences: differencesOf(data, exampleOf(type)) }
}

/** As a producer sends it. */
function exampleOf(type: EventType): object {
  const [example] = [catalogue[type].schema.meta()?.['examples']].flat()
  return { ...Object(example), type }
}
