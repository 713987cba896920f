import type { Hono } from 'hono'
import * as z from 'zod'
import { type FailsAgain, failsAgain } from '../../lib/operations/fails-again.ts'
import { type Comparison, comparisonOf } from './comparison.ts'
import { type ListedLetter, listed } from './letters.ts'
import { cameBack, type Outlook, trial } from './outlook.ts'
import type { ConsolePorts } from './ports.ts'
import { parse, tenantId, typed } from './request.ts'
import type { Samples } from './samples.ts'
import type { Shelf } from './shelf.ts'
import { rowOf, type ShelfRow, viewOf } from './shelf-view.ts'
import type { ShelvedLetter } from './shelved-letter.ts'

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
const about = z.object({ id: typed(300), tenant: tenantId.optional() })

/** Letters of one event that are sent with their bodies. */
const maxAbout = 50

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
  /** ISO 8601: when that reading began; none if the queues were not read. */
  readonly at?: string | undefined
  readonly letters: readonly ListedLetter[]
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
    const { id, tenant } = parse(about, context.req.query())
    const shelf = shelfOf(context.req.param('cell'))
    const letters = shelf.about(id, tenant).slice(0, maxAbout)
    const view: AboutView = {
      at: shelf.state().at,
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

function bodyOf({ body, isCut, notificationId }: ShelvedLetter) {
  return { body, notificationId, ...(isCut && { isCut }) }
}
