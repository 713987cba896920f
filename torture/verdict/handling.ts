import { nameOf } from '../ledger/names.ts'
import { type EventCase, mostCopies, type Problem } from './verdict.ts'

/** An event is on the bus as its tenant's, and has a record that it was handled. */
export function judgeHandling(given: EventCase): Problem[] {
  const { message, findings, report } = given
  const { mark, tenant, type, expected } = message
  if (expected.end !== 'handled') return []
  const name = nameOf(tenant)
  const copies = findings.bus.filter(
    (copy) => copy.mark === mark && copy.tenant === tenant && copy.detailType === type,
  )
  const problems = copies
    .filter(({ source }) => source !== `ecos.${name}`)
    .map(({ source }) => report('cross-tenant', `on the bus as ${source}`))
  const sentAgain = given.unheard.get(mark) ?? 0
  if (copies.length > mostCopies(given, 'twice-on-bus') + sentAgain) {
    problems.push(report('twice-on-bus', `${copies.length} times on the bus`))
  }
  const record = findings.events.find(({ key }) => key === `${name}#${type}#${mark}`)
  const state = expected.people.length === 0 ? 'RECIPIENTS_NOT_FOUND' : 'HANDLED'
  if (record === undefined) {
    const where = copies.length > 0 ? 'on the bus, and never handled' : 'never on the bus'
    problems.push(report('lost', `confirmed, ${where}`))
  } else if (record.state !== state) {
    problems.push(report('wrong-record', `${record.state} instead of ${state}`))
  }
  return problems
}
