/** @typedef {import('./server.js').PassingEvent} PassingEvent */

/**
 * Neighbours of the same tenant and type, in the order in which they are given: many of them are one line.
 *
 * @param {readonly PassingEvent[]} events
 * @returns {readonly [PassingEvent, ...PassingEvent[]][]}
 */
export function runsOf(events) {
  /** @type {[PassingEvent, ...PassingEvent[]][]} */
  const runs = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last && last[0].tenant === event.tenant && last[0].type === event.type) last.push(event)
    else runs.push([event])
  }
  return runs
}

/**
 * The events of ECOS: without `notification.sent` and `notification.failed`.
 *
 * @param {readonly PassingEvent[]} events
 */
export function withoutResults(events) {
  return events.filter(({ type }) => !type.startsWith('notification.'))
}
