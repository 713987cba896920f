import { describe, expect, it } from '@jest/globals'
import { endedMailbox, readerTags } from '../../../lib/channels/mail-feedback.ts'

const tags = Object.fromEntries(
  readerTags('acme', 'иванов').map(({ Name, Value }) => [Name, [Value]]),
)

/** After the examples of the SES developer guide, "Examples of event data". */
function event(detail: object, more: object = {}) {
  const mail = {
    timestamp: '2026-11-28T10:00:00.000Z',
    source: 'ecos@example.com',
    messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
    destination: ['ivanov@acme.example'],
    tags: { ...tags, 'ses:configuration-set': ['ecos-main'] },
    ...more,
  }
  return { source: 'aws.ses', 'detail-type': 'Email Bounced', detail: { ...detail, mail } }
}

const bounce = (bounceType: string, bounceSubType: string, recipient: object) =>
  event({
    eventType: 'Bounce',
    bounce: {
      ...{ bounceType, bounceSubType, feedbackId: 'x', timestamp: '2026-11-28T10:00:01.000Z' },
      bouncedRecipients: [{ emailAddress: 'ivanov@acme.example', action: 'failed', ...recipient }],
    },
  })

const place = {
  ...{ tenant: 'acme', username: 'иванов', channel: 'email', address: 'ivanov@acme.example' },
  madeAt: '2026-11-28T10:00:00.000Z',
}

describe('an event of SES', () => {
  it.each([
    ['General', { status: '5.1.1', diagnosticCode: 'smtp; 550 <ivanov@x>' }, ' General 5.1.1'],
    ['OnAccountSuppressionList', {}, ' OnAccountSuppressionList'],
    ['a b <c>', { status: 'kanarie' }, ''],
  ])('of a permanent bounce (%s) ends the mailbox, and quotes nobody', (type, recipient, why) => {
    expect(endedMailbox(bounce('Permanent', type, recipient))).toEqual({
      ...place,
      reason: `SES bounce${why}`,
    })
  })

  it('of a complaint ends it too', () => {
    const complaint = { complainedRecipients: [], complaintFeedbackType: 'abuse' }
    expect(endedMailbox(event({ eventType: 'Complaint', complaint }))).toEqual({
      ...place,
      reason: 'SES complaint abuse',
    })
    const without = event({ eventType: 'Complaint', complaint: { complaintFeedbackType: null } })
    expect(endedMailbox(without)).toEqual({ ...place, reason: 'SES complaint' })
  })

  it.each([
    ['a full mailbox', bounce('Transient', 'MailboxFull', {})],
    ['nobody knows what', bounce('Undetermined', 'Undetermined', {})],
    ['a delivery', event({ eventType: 'Delivery', delivery: {} })],
    ['another’s mail', { detail: { eventType: 'Bounce', bounce: {}, mail: { tags: {} } } }],
    ['nothing', undefined],
  ])('of %s ends none', (_, given) => expect(endedMailbox(given)).toBeUndefined())
})

it('a mail’s tags are those that SES takes, or none', () => {
  for (const { Name, Value } of readerTags('т'.repeat(60), 'a@b c')) {
    expect(`${Name}=${Value}`).toMatch(/^[\w-]+=[\w-]{1,256}$/)
  }
  expect(readerTags('acme', 'x'.repeat(300))).toEqual([])
  expect(readerTags('acme', undefined)).toEqual([])
})
