import { useEffect, useState } from 'preact/hooks'

/**
 * The reader's place: a view, its argument, and the choices made in it. All of it is in the address, so that a
 * link shows a colleague the same.
 *
 * @typedef {{ view: string, rest: string, query: Readonly<Record<string, string>> }} Place
 */

/**
 * @param {string} hash `#view/argument?name=value`
 * @returns {Place}
 */
export function placeOf(hash) {
  const [path = '', query = ''] = splitAt(hash.replace(/^#/, ''), '?')
  const [view = '', rest = ''] = splitAt(path, '/')
  return { view, rest: decoded(rest), query: Object.fromEntries(new URLSearchParams(query)) }
}

/**
 * @param {string} view
 * @param {string} rest
 * @param {Readonly<Record<string, string | undefined>>} query empty values are left out
 */
export function addressOf(view, rest = '', query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  const search = new URLSearchParams(given).toString()
  const path = rest === '' ? view : `${view}/${encodeURIComponent(rest.toWellFormed())}`
  return `#${path}${search === '' ? '' : `?${search}`}`
}

/** @returns {Place} */
export function usePlace() {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const changed = () => setHash(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return placeOf(hash)
}

/**
 * The tenant that the reader has chosen. In an event's address it is beside the tenant of the event itself.
 *
 * @param {Place} place
 * @param {string} [before] what was chosen until then, and stays if the address of an event does not say
 */
export function chosenTenant({ view, query }, before = '') {
  return view === 'event' ? (query['chosen'] ?? before) : (query['tenant'] ?? '')
}

/**
 * The same place about another tenant. An event is of one tenant: its page leads to the search.
 *
 * @param {Place} place
 * @param {string} tenant
 */
export function addressOfTenant({ view, rest, query }, tenant) {
  const [next, argument] = view === 'event' ? ['search', ''] : [view, rest]
  const ofFormer = { before: '', start: '', group: '', notification: '', chosen: '' }
  return addressOf(next, argument, { ...query, ...ofFormer, tenant })
}

/**
 * The dead letters of an event type or a channel, or the quarantine.
 *
 * @param {string} cell
 * @param {string} id of the type or the channel, or `quarantine`
 * @param {string} [tenant]
 */
export function lettersAddress(cell, id, tenant) {
  const name = `ecos-${cell}-${id.replaceAll('.', '-')}`
  return addressOf('letters', '', { tenant, queue: id === 'quarantine' ? name : `${name}-dlq` })
}

/**
 * The dead letters at the broker: of a pool's queues, or of a tenant.
 *
 * @param {Pick<import('../server/ways.ts').Way, 'id' | 'pooled' | 'deadLetterQueues'>} way
 * @param {string} tenant that is chosen
 */
export function brokerLettersAddress({ id, pooled, deadLetterQueues = [] }, tenant) {
  if (!pooled) return addressOf('letters', '', { tenant: tenant || id })
  return addressOf('letters', '', { tenant, queue: deadLetterQueues.join(',') })
}

/**
 * The address of an event's page. The tenant that the reader has chosen goes along.
 *
 * @param {string} id
 * @param {string | undefined} tenant of the event, as far as it is known
 * @param {string} [notification] that is shown
 * @param {string} [here] the address that the link is at
 */
export function eventAddress(id, tenant, notification, here = location.hash) {
  return addressOf('event', id, { tenant, notification, chosen: chosenTenant(placeOf(here)) })
}

/**
 * @param {string} text
 * @param {string} mark
 */
function splitAt(text, mark) {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** @param {string} text typed by anybody, so it may be malformed */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
