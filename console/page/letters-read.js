import { useRef } from 'preact/hooks'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/shelf-view.ts').ShelfView} ShelfView */

/** @type {ShelfView} */
const nothing = {
  ...{
    isReading: true,
    read: 0,
    more: false,
    problems: [],
    byCause: [],
    groups: [],
    moreGroups: 0,
  },
  ...{ matching: 0, goals: [], causes: [], start: 0, letters: [] },
  ...{ allTypes: [], allCauses: [], allQueues: [] },
}

/**
 * The last answer about the tenant stays until the next one: a field in which somebody types must not vanish.
 *
 * @param {import('./server.js').Asked<ShelfView>} asked
 * @param {string} tenant
 */
export function useLastView(asked, tenant) {
  const last = useRef({ tenant, view: nothing })
  if (asked.state === 'here') last.current = { tenant, view: asked.value }
  const { isReading, read, at, until } = last.current.view
  const ofOther = { ...nothing, isReading, read, at, until }
  const view = last.current.tenant === tenant ? last.current.view : ofOther
  return { view, isStale: asked.state !== 'here' }
}

/**
 * How far the reading is, or from when to when it was.
 *
 * @param {ShelfView} view
 * @param {Picture | undefined} picture
 * @param {Words} words
 */
export function saidOfReading({ isReading, read, at, until }, picture, { text, fill, time }) {
  if (!isReading)
    return at && fill(text.readAt, { from: time(at), to: time(until ?? at), count: read })
  if (until !== undefined) return text.readAgain
  const all = picture && deadIn(picture)
  return all
    ? fill(text.readOf, { count: read, all: Math.max(all, read) })
    : fill(text.readSoFar, { count: read })
}

/**
 * Whether there is something to filter. A reading that begins anew counts from 0, while the letters of the one before
 * are shown.
 *
 * @param {Pick<ShelfView, 'read' | 'allQueues'>} view
 */
export function canFilter({ read, allQueues }) {
  return read > 0 || allQueues.length > 0
}

/**
 * Dead letters and quarantined messages of all tenants, as the queues count them; 0 if it is not known.
 *
 * @param {Pick<Picture, 'broker' | 'handlers' | 'channels' | 'quarantine'>} picture
 */
export function deadIn({ broker = [], handlers, channels, quarantine = 0 }) {
  return [...broker, ...handlers, ...channels].reduce((sum, { dead = 0 }) => sum + dead, quarantine)
}
