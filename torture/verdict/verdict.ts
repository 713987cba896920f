import type { Findings } from '../ledger/ledger.ts'
import { nameOf } from '../ledger/names.ts'
import type { Allowance } from '../nemesis/fault.ts'
import type { PlannedMessage } from '../plan/message.ts'
import { leaver } from '../plan/people.ts'
import { judgeDeliveries } from './deliveries.ts'
import { judgeHandling } from './handling.ts'
import { judgeLetters } from './letters.ts'

/** Something that may not be so, about one event or about the run. */
export interface Problem {
  /** Short and stable: `lost`, `innocent-set-aside`. */
  readonly kind: string
  readonly mark?: string
  readonly text: string
  /** Records of its notifications, in JSON. */
  readonly records?: readonly string[]
}

export interface Case {
  readonly messages: readonly PlannedMessage[]
  /** Copies of each message that the producers may have put into the broker, by `messageKey`. */
  readonly copies: ReadonlyMap<string, number>
  /** Messages for which the broker had no queue, by `messageKey`. */
  readonly returned: ReadonlySet<string>
  readonly findings: Findings
  /** How often AWS answered too late to a call that put the mark on the bus. */
  readonly unheard: ReadonlyMap<string, number>
  /** What the faults of the run may do to an innocent event. */
  readonly allowed: ReadonlySet<Allowance>
  readonly webhookUrl: string
}

/** One event of one tenant; what was published again is the same. */
export interface EventCase extends Case {
  readonly message: PlannedMessage
  report(kind: string, text: string): Problem
}

/** Two tenants may have events with the same id. */
export function messageKey({ tenant, mark }: Pick<PlannedMessage, 'tenant' | 'mark'>): string {
  return `${tenant}/${mark}`
}

/** Judges a run that has become quiet. */
export function judge(given: Case): Problem[] {
  const events = new Map(given.messages.map((message) => [messageKey(message), message]))
  const perEvent = [...events.values()].flatMap((message) => {
    const { mark, tenant, type, size } = message
    const about = `${tenant} ${type} ${mark} (${size} bytes)`
    const report = (kind: string, text: string) => ({ kind, mark, text: `${about}: ${text}` })
    const one = { ...given, message, report }
    if (given.returned.has(messageKey(message))) return judgeReturned(one)
    const problems = [...judgeLetters(one), ...judgeHandling(one), ...judgeDeliveries(one)]
    return problems.map((problem) => withRecords(problem, one))
  })
  return [...perEvent, ...strangers(given)]
}

/** What the product has on record of the channels that the problem names. */
function withRecords(problem: Problem, { message, findings }: EventCase): Problem {
  const records = findings.notifications
    .filter(({ mark, key }) => mark === message.mark && key.startsWith(nameOf(message.tenant)))
    .filter(({ channel }) => problem.text.includes(channel))
    .map(({ username, channel, state, deliveries }) =>
      JSON.stringify({ username, channel, state, deliveries }),
    )
  return records.length === 0 ? problem : { ...problem, records }
}

/** The broker drops what no queue is bound for: only the events of a tenant that is not there at the moment. */
function judgeReturned({ message, allowed, report }: EventCase): Problem[] {
  const isAway = message.tenant === leaver && allowed.has('returned')
  return isAway ? [] : [report('unroutable', 'the broker had no queue for it')]
}

/** What came out that nobody put in. */
function strangers({ messages, findings }: Case): Problem[] {
  const marks = new Set(messages.map(({ mark }) => mark))
  const of = (kind: string, some: readonly { readonly mark: string }[]) =>
    some
      .filter(({ mark }) => !marks.has(mark))
      .map((one) => ({ kind: 'stranger', text: `${kind}: ${JSON.stringify(one)}` }))
  return [...of('delivered', findings.arrivals), ...of('set aside', findings.letters)]
}

/** How often a message may be at a place: a lost confirm brings it there once more. */
export function mostCopies({ message, copies, allowed }: EventCase, unless: Allowance): number {
  return allowed.has(unless) ? Number.POSITIVE_INFINITY : (copies.get(messageKey(message)) ?? 1)
}
