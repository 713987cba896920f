import { leastOf, retriedAddress } from './again.js'
import { addressOf, brokerLettersAddress, lettersAddress } from './place.js'
import { saidReason } from './reason.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/troubles.ts').Trouble} Trouble */
/** @typedef {import('./texts.js').Words} Words */

/**
 * The view that shows all troubles of a kind.
 *
 * @param {Trouble['why']} why
 */
export function addressOfAll(why) {
  if (why === 'late') return retriedAddress('', '')
  if (why === 'dead-letters') return addressOf('letters')
  return why === 'stuck' || why === 'slow' ? addressOf('picture') : undefined
}

/**
 * The view that shows the cause, of whom the trouble is about.
 *
 * @param {Trouble} trouble
 * @param {Pick<Picture, 'cell' | 'broker' | 'handlers' | 'channels'>} picture
 */
export function addressFor({ why, where, tenant }, { cell, broker = [], handlers, channels }) {
  if (why === 'flood') return addressOf('tenants')
  if (why === 'quarantined') return lettersAddress(cell, where)
  if (why === 'dead-letters') {
    // Those at the broker are in queues of their tenant, or of a pool.
    const isOfType = [...handlers, ...channels].some(({ id }) => id === where)
    if (tenant === undefined && isOfType) return lettersAddress(cell, where)
    const pool = broker.find(({ id, pooled }) => id === where && pooled)
    return pool && tenant === undefined
      ? brokerLettersAddress(pool, '')
      : addressOf('letters', '', { tenant })
  }
  if (!channels.some(({ id }) => id === where)) return undefined
  if (why === 'late') return retriedAddress(where, tenant ?? '')
  const state = why === 'failing' ? 'ERROR' : 'WAIT_FOR_DISPATCH'
  return addressOf('search', '', { tenant, channel: where, state })
}

const isTrouble = (/** @type {Trouble} */ { level }) => level !== 'note'

/**
 * How many there are, with those that are not listed.
 *
 * @param {Pick<Picture, 'troubles' | 'moreTroubles'>} picture
 */
export function troubleCount({ troubles, moreTroubles = {} }) {
  const listed = troubles.filter(isTrouble).length
  return Object.values(moreTroubles).reduce((sum, count) => sum + count, listed)
}

/**
 * Nothing counts as well before each part was read once.
 *
 * @param {Pick<Picture, 'asOf' | 'troubles'>} picture
 */
export function levelOf({ asOf, troubles }) {
  const gravest = troubles.find(isTrouble)?.level
  const isKnown = asOf.queues && asOf.broker && asOf.events && asOf.late
  return /** @type {'red' | 'warn' | undefined} */ (gravest) ?? (isKnown ? 'well' : 'looking')
}

/**
 * @param {Omit<Trouble, 'count'> & { count?: number | undefined }} trouble
 * @param {Words} words
 */
export function saidOf(trouble, { text, fill, fault }) {
  return fill(text.troubles[trouble.why], {
    ...trouble,
    text: trouble.fault && fault(trouble.fault),
  })
}

/**
 * How late, or how much: what changes all the time, and is not announced.
 *
 * @param {Trouble} trouble
 * @param {Pick<Picture, 'at'>} picture
 * @param {Words} words
 */
export function detailOf(trouble, { at }, words) {
  const { text, fill, percent, ago } = words
  const { why, count = 0, isMore, share = 0, since = at, reason } = trouble
  if (why === 'flood') return fill(text.flooding, { count, share: percent(share) })
  if (why !== 'late') return undefined
  const most = { count: leastOf({ count, isMore }, words), time: ago(since, at) }
  const parts = [fill(text.lateFor, most), nextOf(trouble, at, words)]
  return [...parts, reason && saidReason(reason, words)].filter(Boolean).join(' ')
}

/**
 * When the next try is, and the last of them.
 *
 * @param {Trouble} trouble
 * @param {string} at
 * @param {Words} words
 */
function nextOf({ count, isMore, nextAt, lastAt }, at, { text, fill, time, ago }) {
  if (nextAt === undefined) return undefined
  if (nextAt <= at) return fill(text.nextTryDue, { time: time(nextAt) })
  const next = { count, next: time(nextAt), left: ago(at, nextAt) }
  if (lastAt !== undefined) return fill(text.lateNextLast, { ...next, last: time(lastAt) })
  return fill(isMore ? text.lateNextMore : text.lateNext, next)
}

export const keyOf = (/** @type {Trouble} */ { why, where, tenant, fault }) =>
  [why, where, tenant, fault?.part].join(' ')

/**
 * The section of docs/runbook.md, by its anchor.
 *
 * @param {Trouble} trouble
 * @param {Picture} picture
 */
export function sectionOf({ why, where }, { broker = [] }) {
  const isAtBroker = broker.some(({ id }) => id === where)
  if (why === 'quarantined') return 'quarantine'
  if (why === 'failing' || why === 'late') return 'failing-deliveries'
  if (why === 'flood') return 'broker-backlog'
  if (why === 'unknown') return undefined
  if (why === 'dead-letters') return isAtBroker ? 'broker-dead-letters' : 'dead-letters'
  return isAtBroker ? 'no-drain' : 'old-messages'
}
