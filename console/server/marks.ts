import type { AuditAction, AuditRecord } from '../../lib/operations/audit.ts'
import type { Deployment } from '../../lib/operations/deployment.ts'
import type { TenantsChange } from '../../lib/tenants/tenants-change.ts'
import { type Fault, faultOf } from './fault.ts'
import type { ConsolePorts } from './ports.ts'

/** Something that somebody did to a cell, and that may be why its figures changed. */
export type Mark = { readonly at: string } & (
  | ({ readonly kind: 'deployment' } & Omit<Deployment, 'at'>)
  | ({ readonly kind: 'tenants' } & Omit<TenantsChange, 'at'>)
  | ({ readonly kind: 'repair' } & Pick<
      AuditRecord,
      'action' | 'outcome' | 'operator' | 'done' | 'tenant' | 'queue' | 'cause'
    >)
)

/** Actions on many: one person's are too small to move a figure. */
const repairs: readonly AuditAction[] = ['letters.redrive', 'letters.purge', 'notification.resend']

export interface Marks {
  /** The latest first. */
  readonly marks: readonly Mark[]
  /** Sources that could not be read. */
  readonly problems: readonly Fault[]
}

/** Marks of each source, at most. */
const maxMarks = 50

type Source = readonly [part: string, read: () => Promise<readonly Mark[]>]

/** Reads each source by itself: one that fails leaves the others' marks. */
export async function marksOf(
  cell: string,
  { from, to }: { readonly from: Date; readonly to: Date },
  ports: Pick<ConsolePorts, 'deployments' | 'tenantsHistory' | 'audit'>,
): Promise<Marks> {
  const sources: readonly Source[] = [
    [
      'deployments',
      async () =>
        (await ports.deployments(cell, from)).map((one) => ({ kind: 'deployment', ...one })),
    ],
    [
      'tenants-history',
      async () => (await ports.tenantsHistory(cell)).map((one) => ({ kind: 'tenants', ...one })),
    ],
    ['audit', () => repairMarks(cell, { from, to }, ports)],
  ]
  const answers = await Promise.all(sources.map(readSource))
  const within = ({ at }: Mark) => new Date(at) >= from && new Date(at) <= to
  const marks = answers.flatMap(({ marks }) => marks.filter(within).slice(0, maxMarks))
  return {
    marks: marks.sort((a, b) => b.at.localeCompare(a.at)),
    problems: answers.flatMap(({ fault }) => fault ?? []),
  }
}

async function repairMarks(
  cell: string,
  { from, to }: { readonly from: Date; readonly to: Date },
  ports: Pick<ConsolePorts, 'audit'>,
): Promise<Mark[]> {
  const { list } = await ports.audit(cell)
  // Ids begin with their time: this one is behind all of the range.
  const before = `${to.toISOString()}#ffffffff`
  const { records } = await list({ from: from.toISOString(), before, limit: 4 * maxMarks })
  return records
    .filter(({ action }) => repairs.includes(action))
    .map(({ at, action, outcome, operator, done, tenant, queue, cause }) => {
      return { kind: 'repair', at, action, outcome, operator, done, tenant, queue, cause }
    })
}

async function readSource([part, read]: Source): Promise<{
  marks: readonly Mark[]
  fault?: Fault
}> {
  try {
    return { marks: await read() }
  } catch (error) {
    return { marks: [], fault: faultOf(part, error) }
  }
}
