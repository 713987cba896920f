import type { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { createSes } from '../../../lib/aws/ses.ts'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { readerTags } from '../../../lib/channels/mail-feedback.ts'
import { message as messageWith } from '../channels/message.ts'

const message = messageWith({ address: 'иванов@acme.example' })

/** The channel over a SES that does so with each mail. */
function channelOver(
  send: (command: SendEmailCommand) => Promise<object>,
  configurationSet?: string,
) {
  const client = { config: { region: async () => 'eu-central-1' }, send }
  return createEmailChannel(
    { from: { name: '', address: 'ecos@example.org' } },
    createSes(client as unknown as SESv2Client, configurationSet),
  )
}

describe('SES', () => {
  it('is given the whole mail and its one recipient', async () => {
    const given: SendEmailCommand['input'][] = []
    const channel = channelOver(async ({ input }) => {
      given.push(input)
      return { MessageId: 'ses-1' }
    })
    expect(await channel.deliver(message)).toEqual({ outcome: 'sent', providerId: 'ses-1' })
    expect(given[0]?.Destination).toEqual({ ToAddresses: [message.address] })
    const mail = await simpleParser(Buffer.from(given[0]?.Content?.Raw?.Data ?? []))
    expect([mail.subject, mail.text]).toEqual([message.title, message.text])
  })

  it('names the reader in its events by the tags of each mail', async () => {
    const given: SendEmailCommand['input'][] = []
    const channel = channelOver(async ({ input }) => {
      given.push(input)
      return { MessageId: 'ses-1' }
    }, 'ecos-main')
    await channel.deliver({ ...message, username: 'иванов' })
    await channel.deliver(message)
    expect(given[0]).toMatchObject({
      ConfigurationSetName: 'ecos-main',
      EmailTags: readerTags('acme', 'иванов'),
    })
    expect(given[0]?.Content?.Raw?.Data).toBeDefined()
    expect(given[1]?.EmailTags).toEqual([])
  })

  it.each([
    ['MessageRejected', 'permanent'],
    ['BadRequestException', 'permanent'],
    ['TooManyRequestsException', 'transient'],
    ['SendingPausedException', 'transient'],
    ['MailFromDomainNotVerifiedException', 'transient'],
    ['TimeoutError', 'unknown'],
  ])('that answers %s is %s', async (name, outcome) => {
    const channel = channelOver(async () => {
      throw Object.assign(new Error(`иванов@acme.example: ${name}`), { name })
    })
    expect(await channel.deliver(message)).toEqual({ outcome, reason: `SES ${name}` })
  })
})
