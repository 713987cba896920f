import { useEffect, useRef, useState } from 'preact/hooks'
import { html, State, Time, Waiting } from './dom.js'
import { saidReason } from './reason.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/event-story.ts').NotificationStory} NotificationStory */
/** @typedef {'mail' | 'text' | 'data'} Form */
/** @typedef {import('../../lib/notifications/notification.ts').QueuedNotification} QueuedNotification */

/**
 * One notification: each try with the provider's answer, and the message as it was sent.
 *
 * @param {{ cell: string, tenant: string, one: NotificationStory, words: Words }} props
 */
export function MessageView({ cell, tenant, one, words }) {
  const { text } = words
  const query = new URLSearchParams({ tenant, notification: one.notificationId })
  /** @type {[import('./server.js').Asked<{ message: QueuedNotification | null }>, () => void]} */
  const [asked] = useAsked(`/api/${cell}/message?${query}`)
  const message = asked.state === 'here' ? asked.value.message : undefined
  return html`<section class="message" aria-label=${text.message}>
    <h3>${message?.title ?? text.message}</h3>
    <h4>${words.inZone(text.tries)}</h4>
    <${Tries} one=${one} words=${words} />
    <${Waiting} asked=${asked} what=${text.message} words=${words} />
    ${message === null && html`<p class="empty">${whyNone(one, words)}</p>`}
    ${message && html`<${Sent} ...${{ message, address: `/api/${cell}/message.html?${query}`, one, words }} />`}
  </section>`
}

/**
 * Why there is no message.
 *
 * @param {NotificationStory} one
 * @param {Words} words
 */
function whyNone({ attempts, digestId }, { text, fill }) {
  if (digestId !== undefined) return fill(text.sentInDigest, { id: digestId })
  return attempts === 0 ? text.notSentYet : text.notKept
}

/** @param {{ message: QueuedNotification, address: string, one: NotificationStory, words: Words }} props */
function Sent({ message, address, one, words }) {
  const { text } = words
  const isMail = message.channel === 'email' && message.html !== ''
  /** @type {readonly Form[]} */
  const forms = isMail ? ['mail', 'text', 'data'] : ['text', 'data']
  const [form, setForm] = useState(forms[0])
  const { mail, locale, title, short, link } = message
  const facts = [
    [text.toWhom, message.address],
    [text.subject, title],
    [text.fromWhom, mail?.from && [mail.from.name, mail.from.address].filter(Boolean).join(' ')],
    [text.replyTo, mail?.replyTo?.address],
    [text.locale, locale],
    [text.shortText, short],
    [text.link, link?.url],
    [text.notification, one.notificationId],
  ]
  return html`<dl class="headers">
      ${facts.map(([name, value]) => value && html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
    <div class="bar" role="group" aria-label=${text.form}>
      ${forms.map(
        (name) => html`<button type="button" aria-pressed=${form === name}
          onClick=${() => setForm(name)}>${text.forms[name]}</button>`,
      )}
    </div>
    ${
      form === 'mail' &&
      html`<${Mail} title=${title} address=${address} />
        <p class="dim">${text.noRemote}</p>`
    }
    ${form === 'text' && html`<pre class="text" tabindex="0">${message.text}</pre>`}
    ${form === 'data' && html`<pre class="text" tabindex="0">${dataOf(message)}</pre>`}`
}

/** Pixels of a frame, at most: what is longer scrolls inside. */
const maxHeight = 6_000

/**
 * The mail in a frame as high as it is. It runs no script; the page may measure it.
 *
 * @param {{ title: string, address: string }} props
 */
function Mail({ title, address }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null))
  const fit = () => {
    const { current } = frame
    const content = current?.contentDocument
    // A mail with an element of that name would have it for `documentElement`, and be as high as that.
    const root = content && Document.prototype.querySelector.call(content, ':root')
    if (!current || !root) return
    // A mail that is as high as its frame would otherwise never shrink.
    current.style.height = ''
    const edges = current.offsetHeight - current.clientHeight
    current.style.height = `${Math.min(root.scrollHeight + edges, maxHeight)}px`
  }
  useEffect(() => {
    addEventListener('resize', fit)
    return () => removeEventListener('resize', fit)
  }, [])
  return html`<iframe class="mail" ref=${frame} title=${title} sandbox="allow-same-origin" src=${address} onLoad=${fit}></iframe>`
}

/** The parts of a message that are for programs and for authors of templates. @param {QueuedNotification} message */
function dataOf({ details, customData, link, mail, queuedAt, resend }) {
  return JSON.stringify({ queuedAt, resend, details, customData, link, mail }, undefined, 2)
}

/** @param {{ one: NotificationStory, words: Words }} props */
function Tries({ one, words }) {
  const { text, lasting, fill, time } = words
  const last = one.deliveries.at(-1)
  const isWaiting = one.state === 'WAIT_FOR_DISPATCH'
  const isSaid = one.state === 'SENT' && last?.outcome === 'sent'
  // The try above has said the reason.
  const reason = one.reason === last?.reason ? undefined : one.reason
  return html`<ol class="tries">
    ${one.deliveries.map(
      ({ at, outcome, reason, providerId, tookMs }) => html`<li>
        <${Time} at=${at} words=${words} />
        <span class=${`pill ${outcome === 'sent' ? 'well' : 'warn'}`}>${words.outcome(outcome)}</span>
        ${tookMs !== undefined && html`<span class="dim">${lasting(tookMs)}</span>`}
        ${reason && html`<span>${saidReason(reason, words)}</span>`}
        ${providerId && html`<span class="dim">${one.channel === 'email' ? text.mailAnswer : text.provider} <code>${providerId}</code></span>`}
      </li>`,
    )}
    ${
      !isSaid &&
      html`<li>
        <${State} ...${{ state: one.state, reason, words }} />
        ${isWaiting && one.heldUntil && html`<span>${fill(text.heldUntil, { time: time(one.heldUntil) })}</span>`}
        ${!one.heldUntil && last && html`<span>${nextTry(one, last, words)}</span>`}
      </li>`
    }
  </ol>`
}

/**
 * When it is tried again: as the last try has left it, if that is on record.
 *
 * @param {NotificationStory} one
 * @param {NotificationStory['deliveries'][number]} last
 * @param {Words} words
 */
function nextTry({ state }, { nextAt }, { text, fill, time, lasting }) {
  if (state !== 'WAIT_FOR_DISPATCH' && state !== 'UNCERTAIN') return ''
  if (nextAt === undefined) return state === 'UNCERTAIN' ? '' : text.triedAgain
  const left = Date.parse(nextAt) - Date.now()
  return left > 0
    ? fill(text.nextTryIn, { time: time(nextAt), left: lasting(left) })
    : fill(text.nextTryDue, { time: time(nextAt) })
}
