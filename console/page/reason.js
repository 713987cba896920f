/** @typedef {import('./texts.js').Words} Words */
/** @typedef {keyof Words['text']['mailReasons']} MailReason */

/** Subjects of enhanced status codes (RFC 3463, section 3), and single codes that say more. */
const mailReasons = /** @type {Readonly<Record<string, MailReason>>} */ ({
  1: 'address',
  2: 'mailbox',
  2.2: 'mailboxFull',
  3: 'system',
  3.1: 'storageFull',
  4: 'network',
  5: 'protocol',
  6: 'content',
  7: 'policy',
})

/**
 * A provider's answer, after what it means if it is a mail server's temporary refusal.
 *
 * @param {string} reason as it is on record
 * @param {Words} words
 */
export function saidReason(reason, { text }) {
  const [isRefusal, subject = '', detail] =
    /^SMTP 4\d\d(?: 4\.(\d{1,3})\.(\d{1,3}))?\b/.exec(reason) ?? []
  if (isRefusal === undefined) return reason
  const name = mailReasons[`${subject}.${detail}`] ?? mailReasons[subject] ?? 'later'
  return `${text.mailReasons[name]}: ${reason}`
}
