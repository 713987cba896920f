import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import * as z from 'zod'
import { channelNames } from '../../lib/channels/channel.ts'
import { EcosError } from '../../lib/errors.ts'
import { notifiedTypes } from '../../lib/notifications/notified-types.ts'
import { resendable } from '../../lib/notifications/resend.ts'
import { faultOf } from './fault.ts'
import { historyRoutes } from './history-routes.ts'
import { listLetters } from './letters.ts'
import { createLive, type Live } from './live.ts'
import { type Meanings, meaningsInDocs } from './meanings.ts'
import { messageRoutes } from './message.ts'
import type { ConsolePorts, Letters } from './ports.ts'
import { chosenIn, lettersOf, redrive, redriveOnRecord } from './redrive.ts'
import { readOnlyUnless, repairRoutes } from './repairs.ts'
import { parse, tenantId } from './request.ts'
import { createSamples, withSamples } from './samples.ts'
import { searchAll, searchOf, searchQuery, soughtStates } from './search.ts'
import { createShelf } from './shelf.ts'
import { shelfRoutes } from './shelf-routes.ts'
import { redriveLines, watching } from './streams.ts'

export interface ApiOptions {
  readonly ports: ConsolePorts
  readonly cells: readonly string[]
  readonly allowRepair: boolean
  /** What codes mean, in Russian; in English the documents say it. */
  readonly russianMeanings?: Meanings | undefined
}

export interface Api {
  readonly routes: Hono
  /** Ends the live streams and removes the taps. */
  close(): Promise<void>
}

const pageOf = (path: string) => new URL(path, import.meta.resolve('ecos-eventbridge/package.json'))
const runbooks = { en: pageOf('docs/runbook.md'), ru: pageOf('docs/ru/runbook.md') }

const byEvent = z.object({ id: z.string().trim().min(1).max(300), tenant: tenantId.optional() })
const restingLetters = byEvent.partial()
const byTenant = z.object({ tenant: tenantId })

/** Of errors that are not the live system's. */
const statuses: Readonly<Record<string, 400 | 409>> = {
  ...{ 'invalid-request': 400, 'no-such-tenant': 400 },
  ...{ 'redrive-runs': 409, 'letters-changed': 409 },
}

/** The page's API: `/api/cells`, `/api/runbook`, `/api/meanings`, and `/api/<cell>/…` for each cell. */
export function createApi({
  ports: given,
  cells,
  allowRepair,
  russianMeanings = {},
}: ApiOptions): Api {
  const samples = new Map(cells.map((cell) => [cell, createSamples()]))
  const samplesOf = (cell: string) => samples.get(cell) ?? createSamples()
  const ports = withSamples(given, samplesOf)
  const shelves = new Map(cells.map((cell) => [cell, createShelf(cell, ports)]))
  const shelfOf = (cell: string) => shelves.get(cell) ?? createShelf(cell, ports)
  const lives = new Map<string, Live>(cells.map((cell) => [cell, createLive(cell, ports)]))
  const redriving = new Set<string>()
  const routes = new Hono()

  routes.onError((error, context) => {
    const code = error instanceof EcosError ? error.code : 'failed'
    const { kind, text: message } = faultOf('', error)
    return context.json({ code, kind, message }, statuses[code] ?? 502)
  })
  routes.use(readOnlyUnless(allowRepair))
  // The page is served without a build, and can't import what lib/ knows.
  const choices = {
    types: notifiedTypes,
    channels: channelNames,
    states: soughtStates,
    resendable,
  }
  routes.get('/cells', (context) => context.json({ cells, allowRepair, ...choices }))
  routes.get('/runbook', (context) =>
    context.json({ en: readFileSync(runbooks.en, 'utf8'), ru: readFileSync(runbooks.ru, 'utf8') }),
  )
  routes.get('/meanings', (context) => context.json({ en: meaningsInDocs(), ru: russianMeanings }))
  routes.use('/:cell/*', async (context, next) =>
    lives.has(context.req.param('cell')) ? next() : context.notFound(),
  )
  routes.get('/:cell/live', (context) => {
    const live = lives.get(context.req.param('cell'))
    return live ? watching(context, live) : context.notFound()
  })
  routes.get('/:cell/story', async (context) => {
    const { cell } = context.req.param()
    const { id, tenant } = parse(byEvent, context.req.query())
    const pairs =
      tenant === undefined
        ? known(await ports.enabledTypes(cell))
        : notifiedTypes.map((type) => ({ tenant, type }))
    return context.json({ stories: await ports.stories(cell, pairs, id) })
  })
  routes.get('/:cell/letters', async (context) => {
    const about = parse(restingLetters, context.req.query())
    const { cell } = context.req.param()
    const list = (all: Letters) => listLetters(all, about)
    return context.json(await ports.withLetters(cell, list, about.tenant))
  })
  routes.post('/:cell/redrive', async (context) => {
    const chosen = chosenIn(await context.req.json().catch(() => undefined))
    const { cell } = context.req.param()
    // A second click or page would find nothing: the first one has hidden the letters.
    if (redriving.has(cell)) {
      throw new EcosError('redrive-runs', 'Another redrive of this cell runs: wait for its end')
    }
    const shelf = shelfOf(cell)
    const letters = lettersOf(chosen, shelf)
    redriving.add(cell)
    return redriveLines(context, async (signal, write) => {
      try {
        const work = () =>
          ports.withLetters(cell, (all) => redrive(all, letters, signal, write, shelf.remove))
        await redriveOnRecord(await ports.audit(cell), chosen, letters, work).then(write)
      } finally {
        redriving.delete(cell)
      }
    })
  })
  routes.get('/:cell/search', async (context) => {
    const sought = searchOf(parse(searchQuery, context.req.query()))
    const { tenant, filter, before } = sought
    const { cell } = context.req.param()
    if (tenant !== undefined) return context.json(await ports.search(cell, tenant, filter, before))
    const tenants = known(await ports.tenants(cell))
    return context.json(
      await searchAll(tenants, sought, (some, from) =>
        ports.searchTenants(cell, some, filter, from),
      ),
    )
  })
  messageRoutes(routes, ports)
  historyRoutes(routes, ports)
  repairRoutes(routes, ports)
  shelfRoutes(routes, { ports, shelfOf, samplesOf })
  routes.get('/:cell/subscriptions', async (context) => {
    const { tenant } = parse(byTenant, context.req.query())
    const { cell } = context.req.param()
    return context.json({ subscriptions: await ports.subscriptions(cell, tenant) })
  })
  return {
    routes,
    async close() {
      await Promise.all([...lives.values(), ...shelves.values()].map((one) => one.close()))
    },
  }
}

/** @throws EcosError `missing-variable` */
function known<T>(tenants: T | undefined): T {
  if (tenants !== undefined) return tenants
  const problem = 'The tenants of the cell are not known: apply tenants.yml, or set TENANTS_FILE'
  throw new EcosError('missing-variable', problem)
}
