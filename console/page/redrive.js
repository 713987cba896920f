import { useEffect, useRef, useState } from 'preact/hooks'
import { failure, html } from './dom.js'
import { lines } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {import('../server/redrive.ts').Redriven} Redriven */
/** @typedef {{ queues: readonly Redriven[], runs: boolean, problem?: string | undefined }} Run */

/**
 * Sends letters back after a confirmation: shows progress, can be stopped, and ends with a result for
 * each queue.
 *
 * @param {{ cell: string, letters: readonly ListedLetter[], words: Words, onOver: () => void }} props
 */
export function Redrive({ cell, letters, words, onOver }) {
  const { text, fill } = words
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const stopping = useRef(/** @type {AbortController | undefined} */ (undefined))
  const [run, setRun] = useState(/** @type {Run | undefined} */ (undefined))
  // Leaving the view stops it.
  useEffect(() => () => stopping.current?.abort(), [])
  const close = () => dialog.current?.close()
  const start = async () => {
    close()
    if (stopping.current) return
    stopping.current = new AbortController()
    setRun({ queues: [], runs: true })
    const { signal } = stopping.current
    const problem = await redrive(cell, letters, signal, (queues) =>
      setRun({ queues, runs: true }),
    ).catch((error) => (signal.aborted ? text.stopped : failure(error, words)))
    stopping.current = undefined
    setRun((last) => ({ queues: last?.queues ?? [], runs: false, problem }))
    onOver()
  }
  const open = () => {
    setRun(undefined)
    dialog.current?.showModal()
  }
  const count = letters.length
  const causes = [...new Set(letters.flatMap(({ cause }) => cause ?? []))].slice(0, 3)
  return html`${
    run?.runs
      ? html`<button type="button" onClick=${() => stopping.current?.abort()}>${text.stop}</button>`
      : html`<button type="button" class="main" disabled=${count === 0} onClick=${open}>${text.sendBack}</button>`
  }
    <span class="dim">${fill(text.chosen, { count })}</span>
    <dialog ref=${dialog} aria-labelledby="sure">
      <h2 id="sure">${fill(text.sure, { count })}</h2>
      <ul>
        ${[...Map.groupBy(letters, goal(words))].map(
          ([to, some]) => html`<li>${fill(text.sendTo, { to, count: some.length })}</li>`,
        )}
      </ul>
      ${causes.length > 0 && html`<p>${fill(text.mend, { causes: causes.join(', ') })}</p>`}
      <p>${text.safe}</p>
      <div class="bar">
        <button type="button" class="main" onClick=${start}>${text.yes}</button>
        <button type="button" onClick=${close}>${text.no}</button>
      </div>
    </dialog>
    ${run && html`<${Progress} run=${run} words=${words} />`}`
}

/**
 * @param {string} cell
 * @param {readonly ListedLetter[]} letters
 * @param {AbortSignal} signal
 * @param {(queues: readonly Redriven[]) => void} onProgress
 * @returns {Promise<string | undefined>} a problem that concerns no single queue
 */
async function redrive(cell, letters, signal, onProgress) {
  const body = JSON.stringify({
    letters: letters.map(({ queue, messageId }) => ({ queue, messageId })),
  })
  const headers = { 'content-type': 'application/json' }
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

/** @param {Words} words */
function goal({ text, fill }) {
  return (/** @type {ListedLetter} */ { kind, queue, tenant }) =>
    kind === 'quarantined' || kind === 'message'
      ? fill(text.brokerOf, { tenant: tenant ?? text.unknown })
      : queue.replace(/-dlq$/, '')
}

/** @param {{ run: Run, words: Words }} props */
function Progress({ run: { queues, runs, problem }, words }) {
  const { text, fill } = words
  const sum = (/** @type {'done' | 'wanted'} */ field) =>
    queues.reduce((total, queue) => total + queue[field], 0)
  const [done, wanted] = [sum('done'), sum('wanted')]
  const left = queues.filter((queue) => queue.done < queue.wanted)
  // Screen readers hear the end alone: a counting number would drown everything else.
  return html`<div class="progress">
    ${
      runs &&
      html`<progress aria-label=${text.sendBack} max=${wanted || undefined} value=${wanted ? done : undefined}></progress>
      <span>${fill(text.progress, { done, wanted })}</span>`
    }
    <div role="status">
      ${!runs && html`<p>${fill(text.sentBack, { count: done })}</p>`}
      ${!runs && problem && html`<p class="fault">${problem}</p>`}
      ${
        !runs &&
        left.map(
          (queue) => html`<p class="fault">
            ${fill(text.leftBack, { queue: queue.queue, count: queue.wanted - queue.done })}${' '}
            ${queue.problem ?? text.notThere}
          </p>`,
        )
      }
    </div>
  </div>`
}
