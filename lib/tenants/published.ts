import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { parseJson } from '../parse.ts'
import { tenantsOfCell } from './cell-tenants.ts'
import { type Tenant, type TenantsContent, tenantsIn } from './tenants-file.ts'

/** The tenants of a cell as its functions and workers read them: what was applied of a tenants.yml. */
export interface CellTenants {
  readonly tenants: readonly Tenant[]
  /** Tenants that were removed: their queues are unbound, and drained of what is left. */
  readonly leaving: readonly Tenant[]
}

/** Days for which the bridges drain a removed tenant's queue. */
export const leavingDays = 14

const content = z.looseObject({
  brokers: z.record(z.string(), z.unknown()).default({}),
  tenants: z.record(z.string(), z.unknown()),
})

/** Entries are in the form of tenants.yml, so that one parser vouches for both. */
const published = z.object({
  appliedAt: z.iso.datetime(),
  ...content.shape,
  leaving: z.record(
    z.string(),
    z.object({ removedAt: z.iso.datetime(), entry: z.record(z.string(), z.unknown()).nullable() }),
  ),
})
export type Published = z.infer<typeof published>

/** @throws EcosError `invalid-tenants` if the text is not what `publishedText` writes */
export function parsePublished(text: string): Published & { readonly of: CellTenants } {
  const parsed = published.safeParse(parseJson(text))
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')
    throw new EcosError('invalid-tenants', `The applied tenants do not fit: ${fields}`)
  }
  const { brokers, tenants, leaving } = parsed.data
  const left = Object.entries(leaving).map(([id, { entry }]) => [id, entry])
  const all = tenantsIn(
    { brokers, tenants: { ...Object.fromEntries(left), ...tenants } },
    () => 'the applied tenants',
  )
  const of = {
    tenants: all.filter(({ id }) => Object.hasOwn(tenants, id)),
    leaving: all.filter(({ id }) => !Object.hasOwn(tenants, id)),
  }
  return { ...parsed.data, of }
}

/**
 * A cell's part of tenants.yml, for the cell's table. A tenant that the file no longer names is leaving. One
 * that went to another cell is not: that cell's bridge consumes the same queue.
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
  const ofCell = tenantsOfCell(file.tenants, cell).map(({ id }) => [id, file.content.tenants[id]])
  const removedAt = now.toISOString()
  const removed = Object.entries(before?.tenants ?? {}).map(([id, entry]) => {
    return [id, { removedAt, entry: entry ?? null }] as const
  })
  const oldest = new Date(now.getTime() - leavingDays * 86_400_000).toISOString()
  const leaving = [...Object.entries(before?.leaving ?? {}), ...removed].filter(
    ([id, left]) => !named.has(id) && String(left.removedAt) > oldest,
  )
  const document = {
    appliedAt: removedAt,
    // A leaving tenant's broker may be named no longer.
    brokers: { ...before?.brokers, ...file.content.brokers },
    tenants: Object.fromEntries(ofCell),
    leaving: Object.fromEntries(leaving),
  }
  return JSON.stringify(document)
}
