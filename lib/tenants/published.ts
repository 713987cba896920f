import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'
import { tenantsOfCell } from './cell-tenants.ts'
import { type Tenant, type TenantsContent, tenantsIn } from './tenants-file.ts'

/** The tenants of a cell as its functions and workers read them: what was applied of a tenants.yml. */
export interface CellTenants {
  readonly tenants: readonly Tenant[]
  /** Tenants that were removed: their queues are unbound, and drained of what is left. */
  readonly leaving: readonly Tenant[]
  /** Tenants that moved to another cell: what the cell has taken of their events, it tells to the end. */
  readonly moved?: readonly Tenant[]
}

/** Days for which a removed tenant's queue is drained, and a moved tenant's notifications are told. */
export const leavingDays = 14

const content = late(() =>
  z.looseObject({
    brokers: z.record(z.string(), z.unknown()).default({}),
    tenants: z.record(z.string(), z.unknown()),
  }),
)

const gone = late(() =>
  z.record(
    z.string(),
    z.object({ removedAt: z.iso.datetime(), entry: z.record(z.string(), z.unknown()).nullable() }),
  ),
)

/** Entries are in the form of tenants.yml, so that one parser vouches for both. */
const published = late(() =>
  z.object({
    appliedAt: z.iso.datetime(),
    ...content.shape,
    leaving: gone,
    moved: gone.default({}),
  }),
)
export type Published = z.infer<typeof published>

type Gone = readonly [id: string, { readonly removedAt: string }]

/** @throws EcosError `invalid-tenants` if the text is not what `publishedText` writes */
export function parsePublished(text: string): Published & { readonly of: CellTenants } {
  const parsed = published.safeParse(parseJson(text))
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')
    throw new EcosError('invalid-tenants', `The applied tenants do not fit: ${fields}`)
  }
  const { brokers, tenants, leaving, moved } = parsed.data
  const left = Object.entries({ ...moved, ...leaving }).map(([id, { entry }]) => [id, entry])
  const all = tenantsIn(
    { brokers, tenants: { ...Object.fromEntries(left), ...tenants } },
    () => 'the applied tenants',
  )
  const of = {
    tenants: all.filter(({ id }) => Object.hasOwn(tenants, id)),
    leaving: all.filter(({ id }) => Object.hasOwn(leaving, id) && !Object.hasOwn(tenants, id)),
    moved: all.filter(({ id }) => Object.hasOwn(moved, id) && !Object.hasOwn(tenants, id)),
  }
  return { ...parsed.data, of }
}

/**
 * A cell's part of tenants.yml, for the cell's table. A tenant that the file no longer names is leaving. One
 * that goes to another cell has moved, also if it was leaving: that cell's bridge consumes the same queue. It stays
 * moved if the file no longer names it, because then the other cell lets it go.
 *
 * @param before what was applied last
 */
export function publishedText(
  file: { readonly tenants: readonly Tenant[]; readonly content: TenantsContent },
  cell: string,
  before: Published | undefined,
  now: Date,
): string {
  const named = new Set(file.tenants.map(({ id }) => id))
  const members = tenantsOfCell(file.tenants, cell)
  const own = new Set(members.map(({ id }) => id))
  const ofCell = members.map(({ id }) => [id, file.content.tenants[id]])
  const removedAt = now.toISOString()
  const removed = Object.entries(before?.tenants ?? {}).map(([id, entry]) => {
    return [id, { removedAt, entry: (entry ?? null) as Record<string, unknown> | null }] as const
  })
  const oldest = new Date(now.getTime() - leavingDays * 86_400_000).toISOString()
  const isRecent = ([_, { removedAt }]: Gone) => removedAt > oldest
  const leaving = [...Object.entries(before?.leaving ?? {}), ...removed].filter(
    ([id]) => !named.has(id),
  )
  const nowElsewhere = Object.entries(before?.leaving ?? {}).map(([id, { entry }]) => {
    return [id, { removedAt, entry }] as const
  })
  const goesElsewhere = ([id]: Gone) => named.has(id) && !own.has(id)
  const moved = [
    ...Object.entries(before?.moved ?? {}).filter(([id]) => !own.has(id)),
    ...[...nowElsewhere, ...removed].filter(goesElsewhere),
  ]
  const document = {
    appliedAt: removedAt,
    // A leaving tenant's broker may be named no longer.
    brokers: { ...before?.brokers, ...file.content.brokers },
    tenants: Object.fromEntries(ofCell),
    leaving: Object.fromEntries(leaving.filter(isRecent)),
    moved: Object.fromEntries(moved.filter(isRecent)),
  }
  return JSON.stringify(document)
}
