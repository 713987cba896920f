import { useRef, useState } from 'preact/hooks'
import { failure, html } from './dom.js'
import { eventAddress } from './place.js'
import { post } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/repairs.ts').RepairOrder} RepairOrder */
/** @typedef {import('../server/repairs.ts').RepairAnswer} RepairAnswer */
/** @typedef {{ order: RepairOrder, about: Readonly<Record<string, string>>, will?: string, words: Words, cell: string }} Repair
 *   `about`: the values of the texts; `will`: the text that says what will happen */

/**
 * A button for one repair, which is done after a confirmation.
 *
 * @param {Repair & { label?: string, onDone?: () => void }} props `label`: tells the buttons of a table apart
 */
export function Action({ label, onDone, ...repair }) {
  const { order, words } = repair
  const [isOpen, setOpen] = useState(false)
  const { name } = words.text.acts[order.action]
  return html`<button type="button" aria-label=${label && `${name} ${label}`} onClick=${() => setOpen(true)}>${name}</button>
    ${isOpen && html`<${Confirmation} ...${{ ...repair, onClose: () => setOpen(false), onDone }} />`}`
}

/** @typedef {{ state: 'asks' | 'works' } | { state: 'done', answer: RepairAnswer } | { state: 'failed', why: string }} Course */

/**
 * Says what exactly will happen, does it, and tells the result.
 *
 * @param {Repair & { onClose: () => void, onDone?: (() => void) | undefined }} props
 */
function Confirmation({ cell, order, about, will = 'will', words, onClose, onDone }) {
  const { text, fill } = words
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [course, setCourse] = useState(/** @type {Course} */ ({ state: 'asks' }))
  const act = /** @type {Readonly<Record<string, string>>} */ (text.acts[order.action])
  const opened = (/** @type {HTMLDialogElement | null} */ element) => {
    dialog.current = element
    if (element && !element.open) element.showModal()
  }
  const close = () => dialog.current?.close()
  const closed = () => {
    onClose()
    if (course.state === 'done') onDone?.()
  }
  const start = async () => {
    setCourse({ state: 'works' })
    try {
      setCourse({ state: 'done', answer: await post(`/api/${cell}/repair`, order) })
    } catch (error) {
      setCourse({ state: 'failed', why: failure(Object(error), words) })
    }
  }
  const isDone = course.state === 'done'
  const eventId = isDone ? course.answer.eventId : undefined
  return html`<dialog ref=${opened} aria-labelledby="sure-action" onClose=${closed}>
    <h2 id="sure-action">${act['sure']}</h2>
    <p>${fill(act[will] ?? '', about)}</p>
    ${!isDone && html`<p class="dim">${text.onRecord}</p>`}
    <div role="status">
      ${course.state === 'works' && html`<p>${text.working}</p>`}
      ${isDone && html`<p class="good">${act[course.answer.result]}</p>`}
      ${eventId && html`<p><a href=${eventAddress(eventId, order.tenant)} onClick=${close}>${act['follow']}</a></p>`}
      ${course.state === 'failed' && html`<p class="fault">${course.why}</p>`}
    </div>
    <div class="bar">
      ${!isDone && html`<button type="button" class="main" disabled=${course.state === 'works'} onClick=${start}>${act['name']}</button>`}
      <button type="button" onClick=${close}>${isDone ? text.close : text.back}</button>
    </div>
  </dialog>`
}
