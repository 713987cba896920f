import type { AuditRecord } from '../../lib/operations/audit.ts'
import { type FailsAgain, failsAgain } from '../../lib/operations/fails-again.ts'
import type { ConsolePorts } from './ports.ts'
import type { ShelfFilter } from './shelf-filter.ts'
import type { ShelvedLetter } from './shelved-letter.ts'

/** Letters that are tried, at most. */
const maxTried = 200

/** Records of operators' actions that are looked through. */
const maxRecords = 200

/** Reasons against sending letters back now. */
export interface Outlook {
  /** Letters that were tried without sending them. */
  readonly tried: number
  /** Letters that would fail again, by reason. */
  readonly failing: readonly (Pick<FailsAgain, 'why' | 'code'> & { readonly count: number })[]
  /** The last time that letters of this cause were sent back, if some have come back since. */
  readonly before?:
    | { readonly at: string; readonly user: string; readonly count: number }
    | undefined
}

/** Tries letters, the newest first. */
export async function trial(
  letters: readonly ShelvedLetter[],
  tenants: readonly string[] | undefined,
): Promise<Omit<Outlook, 'before'>> {
  const whole = letters.filter(({ isCut }) => !isCut).slice(0, maxTried)
  const results = await Promise.all(whole.map((letter) => failsAgain(letter, tenants)))
  const found = results.filter((result) => result !== undefined)
  const groups = Map.groupBy(found, ({ why, code }) => JSON.stringify([why, code]))
  const failing = [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ why: first.why, code: first.code, count: others.length + 1 }] : [],
  )
  return { tried: whole.length, failing }
}

/** Letters that were sent back are sent anew: those of the same cause that are younger have failed again. */
export async function cameBack(
  letters: readonly ShelvedLetter[],
  { tenant, whose = tenant, type, cause }: ShelfFilter,
  ports: Pick<ConsolePorts, 'audit'>,
  cell: string,
): Promise<Outlook['before']> {
  if (cause === undefined) return undefined
  const isOfCause = (record: AuditRecord) =>
    record.action === 'letters.redrive' &&
    (record.done ?? 0) > 0 &&
    record.cause === cause &&
    record.tenant === whose &&
    record.eventType === type
  const { list } = await ports.audit(cell)
  const { records } = await list({ limit: maxRecords }).catch(() => ({ records: [] }))
  const last = records.find(isOfCause)
  const count = letters.filter(({ sentAt }) => last && sentAt.toISOString() > last.at).length
  return last && count > 0 ? { at: last.at, user: last.operator.user, count } : undefined
}
