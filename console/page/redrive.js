import { useEffect, useRef, useState } from 'preact/hooks'
import { failure, html } from './dom.js'
import { filterSaid } from './letter-filters.js'
import { OutlookOf } from './outlook.js'
import { lines } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/shelf-view.ts').ShelfView} ShelfView */
/** @typedef {import('../server/shelf-view.ts').ShelfRow} ShelfRow */
/** @typedef {import('../server/shelf-view.ts').Goal} Goal */
/** @typedef {import('../server/redrive.ts').Redriven} Redriven */
/** @typedef {{ queues: readonly Redriven[], runs: boolean, problem?: string | undefined }} Run */

/**
 * Sends letters back after a confirmation: those that are chosen or, if none are, all that match the filter. Shows
 * the progress, can be stopped, and ends with a result.
 *
 * @param {{ cell: string, view: ShelfView, filter: Readonly<Record<string, string>>, chosen: readonly ShelfRow[],
 *   isUnsettled: boolean, isFirst: boolean, words: Words, onOver: () => void, onClear: () => void }} props
 *   `isUnsettled`: the list does not show what the filter says yet; `isFirst`: the queues were never read to the end
 */
export function Redrive(props) {
  const { cell, view, filter, chosen, isUnsettled, isFirst, words, onOver, onClear } = props
  const { text, fill } = words
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const stopping = useRef(/** @type {AbortController | undefined} */ (undefined))
  const [run, setRun] = useState(/** @type {Run | undefined} */ (undefined))
  const [isAsking, setAsking] = useState(false)
  // Leaving the view stops it.
  useEffect(() => () => stopping.current?.abort(), [])
  const isAll = chosen.length === 0
  const count = isAll ? view.matching : chosen.length
  const close = () => dialog.current?.close()
  const start = async () => {
    close()
    if (stopping.current) return
    stopping.current = new AbortController()
    setRun({ queues: [], runs: true })
    const { signal } = stopping.current
    const letters = chosen.map(({ queue, messageId }) => ({ queue, messageId }))
    const order = isAll ? { filter, count, at: view.at } : { letters }
    const problem = await redrive(cell, order, signal, (queues) =>
      setRun({ queues, runs: true }),
    ).catch((error) => (signal.aborted ? text.stopped : failure(error, words)))
    stopping.current = undefined
    setRun((last) => ({ queues: last?.queues ?? [], runs: false, problem }))
    onOver()
  }
  const open = () => {
    setRun(undefined)
    setAsking(true)
    dialog.current?.showModal()
  }
  const goals = isAll ? view.goals : goalsOf(chosen)
  const causes = isAll ? view.causes : [...new Set(chosen.map(({ cause }) => cause))].slice(0, 5)
  const said = filterSaid(filter, words)
  const ofAll = said === '' ? text.sendAllBack : text.sendFilteredBack
  const name = isAll ? fill(ofAll, { count, filter: said }) : text.sendBack
  // All letters of all tenants are seldom meant.
  const look = isAll && said === '' ? '' : 'main'
  const isBarred = count === 0 || view.isReading || (isAll && isUnsettled) || run?.runs
  // Beside each other: a second click on "Stop" must not ask to send again.
  return html`${!isFirst && view.read > 0 && html`<button type="button" class=${look} disabled=${isBarred} onClick=${open}>${name}</button>`}
    ${run?.runs && html`<button type="button" onClick=${() => stopping.current?.abort()}>${text.stop}</button>`}
    ${!isAll && html`<span class="dim">${fill(text.chosen, { count })}</span> <button type="button" onClick=${onClear}>${text.chooseNone}</button>`}
    <dialog ref=${dialog} aria-labelledby="sure" onClose=${() => setAsking(false)}>
      <h2 id="sure">${fill(text.sure, { count })}</h2>
      ${isAll && said !== '' && html`<p class="dim">${said}</p>`}
      <ul>
        ${goals.map((goal) => html`<li>${fill(text.sendTo, { to: goalText(goal, words), count: goal.count })}</li>`)}
      </ul>
      ${isAsking && html`<${OutlookOf} ...${{ cell, filter: isAll ? filter : groupOf(chosen), words }} />`}
      ${causes.length > 0 && html`<p>${fill(text.mend, { causes: causes.join(', ') })}</p>`}
      <p>${text.safe} ${text.onRecord}</p>
      <div class="bar">
        <button type="button" class="main" onClick=${start}>${text.yes}</button>
        <button type="button" onClick=${close}>${text.no}</button>
      </div>
    </dialog>
    ${run && html`<${Progress} run=${run} words=${words} />`}`
}

/**
 * @param {string} cell
 * @param {object} order
 * @param {AbortSignal} signal
 * @param {(queues: readonly Redriven[]) => void} onProgress
 * @returns {Promise<string | undefined>} a problem that concerns no single queue
 */
async function redrive(cell, order, signal, onProgress) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(order)
  for await (const line of lines(`/api/${cell}/redrive`, {
    method: 'POST',
    headers,
    body,
    signal,
  })) {
    if (line.queues) onProgress(line.queues)
    if (line.done) return line.problem
  }
  throw {}
}

/** @param {readonly ShelfRow[]} letters @returns {Goal[]} */
function goalsOf(letters) {
  const groups = Map.groupBy(letters, ({ queue, kind, tenant }) =>
    JSON.stringify([queue, kind, tenant]),
  )
  return [...groups.values()].flatMap(([first, ...others]) =>
    first
      ? [{ queue: first.queue, kind: first.kind, tenant: first.tenant, count: others.length + 1 }]
      : [],
  )
}

/** Tenant, type and cause of the chosen letters, if they are the same for all. @param {readonly ShelfRow[]} letters */
function groupOf(letters) {
  const groups = new Set(
    letters.map(({ tenant, type, cause }) => JSON.stringify({ whose: tenant, type, cause })),
  )
  const [group] = groups
  return group !== undefined && groups.size === 1 ? JSON.parse(group) : undefined
}

/**
 * @param {Goal} goal
 * @param {Words} words
 */
function goalText({ kind, queue, tenant }, { text, fill }) {
  return kind === 'quarantined' || kind === 'message'
    ? fill(text.brokerOf, { tenant: tenant ?? text.unknown })
    : queue.replace(/-dlq$/, '')
}

/** @param {{ run: Run, words: Words }} props */
function Progress({ run: { queues, runs, problem }, words }) {
  const { text, fill } = words
  const sum = (/** @type {'done' | 'wanted' | 'failed'} */ field) =>
    queues.reduce((total, queue) => total + queue[field], 0)
  const [done, wanted, failed] = [sum('done'), sum('wanted'), sum('failed')]
  const left = queues.filter((queue) => queue.done + queue.failed < queue.wanted)
  // Screen readers hear the end alone: a counting number would drown everything else.
  return html`<div class="progress">
    ${
      runs &&
      html`<progress aria-label=${text.sendBack} max=${wanted || undefined} value=${wanted ? done + failed : undefined}></progress>
      <span>${fill(text.progress, { done, wanted })}</span>`
    }
    ${runs && failed > 0 && html`<p class="fault">${fill(text.failedBack, { count: failed })}</p>`}
    <div role="status">
      ${!runs && html`<p>${fill(text.sentBack, { count: done })}</p>`}
      ${!runs && failed > 0 && html`<p class="fault">${fill(text.failedBack, { count: failed })}</p>`}
      ${!runs && problem && html`<p class="fault">${problem}</p>`}
      ${!runs && queues.map((queue) => queue.problem && html`<p class="fault">${queue.problem}</p>`)}
      ${
        !runs &&
        left.map(
          (queue) => html`<p class="fault">
            ${fill(text.leftBack, { queue: queue.queue, count: queue.wanted - queue.done - queue.failed })}${' '}
            ${problem || queue.problem ? '' : text.notThere}
          </p>`,
        )
      }
    </div>
  </div>`
}
