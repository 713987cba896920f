import { nameOf } from '../ledger/names.ts'
import type { PlannedMessage } from '../plan/message.ts'
import { type Address, addressesOf, astray, isGone } from '../plan/people.ts'
import type { EventCase, Problem } from './verdict.ts'

/** `tries` and `uncertainRepeats` of serverless.yml. */
const mostAttempts = { email: 12, webhook: 20, telegram: 7, push: 9, sms: 7 } as const

/**
 * Deliveries of one notification at most: the first, and `uncertainRepeats`. A webhook's receiver and a phone drop
 * second copies, so that there no answer is a failure like any other (docs/notifications.md#once).
 */
const mostDeliveries = { ...mostAttempts, email: 3, telegram: 1, sms: 1 } as const

/** Each person whom the event names is told, on each channel, and nobody else. */
export function judgeDeliveries(given: EventCase): Problem[] {
  const { message, messages, findings, report, webhookUrl } = given
  const { mark, expected } = message
  if (expected.end !== 'handled') return []
  const arrivals = findings.arrivals.filter((arrival) => arrival.mark === mark)
  const twins = messages.filter((one) => one.mark === mark)
  const addresses = twins.flatMap((twin) => toldOf(twin, webhookUrl))
  const strangers = arrivals
    .filter((arrival) => !addresses.some((address) => isTo(arrival, address)))
    .map(({ channel, address }) => report('wrong-recipient', `${channel} to ${address}`))
  const perAddress = toldOf(message, webhookUrl).flatMap((to) => {
    const copies = arrivals.filter((arrival) => isTo(arrival, to))
    const ids = new Set(copies.map(({ id }) => id))
    const what = `${to.channel} to ${to.address}`
    const anew = ids.size > 1 ? [report('id-changed', `${what} arrived as ${[...ids]}`)] : []
    return [...judgeDelivery(to, copies.length, given), ...anew]
  })
  return [...strangers, ...perAddress]
}

interface Told extends Address {
  readonly person: string
}

function toldOf({ tenant, expected }: PlannedMessage, webhookUrl: string): Told[] {
  if (expected.end !== 'handled') return []
  return expected.people.flatMap((person) =>
    addressesOf(tenant, person, webhookUrl).map((address) => ({ ...address, person })),
  )
}

function isTo(one: Address, other: Address): boolean {
  return one.channel === other.channel && one.address === other.address
}

function judgeDelivery(told: Told, count: number, given: EventCase): Problem[] {
  const { message, findings, allowed, report } = given
  const { channel, address, person } = told
  const key = `${nameOf(message.tenant)}#${message.type}#${message.mark}`
  const record = findings.notifications.find((one) => one.key === key && isTo(one as Address, told))
  const { state = 'not recorded', attempts = 0 } = record ?? {}
  const to = `${channel} to ${address}`
  const problems: Problem[] = []
  if (person === astray.username) {
    if (state !== 'ERROR') problems.push(report('wrong-state', `${to}: ${state} instead of ERROR`))
    if (count > 0) problems.push(report('against-preferences', `${to} arrived`))
    return problems
  }
  const isUncertain = state === 'UNCERTAIN' && allowed.has('uncertain')
  if (isGone(told)) {
    const isRight = state === 'ERROR' || state === 'BLOCKED' || isUncertain
    return isRight ? [] : [report('wrong-state', `${to}, which is gone: ${state}`)]
  }
  if (count === 0 && !isUncertain) problems.push(report('lost', `${to} never arrived: ${state}`))
  else if (state !== 'SENT' && !isUncertain) problems.push(report('wrong-state', `${to}: ${state}`))
  const most = allowed.has('twice-delivered') ? mostDeliveries[channel] : 1
  if (count > most) problems.push(report('delivered-again', `${to} arrived ${count} times`))
  if (attempts > mostAttempts[channel]) {
    problems.push(report('too-many-tries', `${to}: ${attempts} attempts`))
  }
  return problems
}
