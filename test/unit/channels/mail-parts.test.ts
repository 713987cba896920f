import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmailChannel, type EmailOptions } from '../../../lib/channels/email.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { unsubscribeLink } from '../../../lib/channels/unsubscribe.ts'
import { startMailServer } from './mail-server.ts'
import { message } from './message.ts'

const server = await startMailServer()
afterAll(() => server.close())

const from = { name: 'ECOS', address: 'ecos@example.org' }
const why = 'Вы получили это сообщение, потому что задача назначена вам.'
const link = {
  url: 'https://e.example/x?a=1&b=2',
  label: 'Открыть задачу',
  home: 'https://e.example',
}

async function mailOf(fields: object, options: Partial<EmailOptions> = {}) {
  const channel = createEmailChannel(
    { from, ...options },
    createSmtp(async () => server.url),
  )
  expect(await channel.deliver(message(fields))).toMatchObject({ outcome: 'sent' })
  const mail = server.received.at(-1)?.mail
  if (!mail) throw new Error('nothing came')
  return mail
}

describe('a mail', () => {
  it("comes from the tenant's sender, and is answered where the tenant says", async () => {
    const sender = { name: 'Акме', address: 'tasks@acme.example' }
    const replyTo = { name: '', address: 'help@acme.example' }
    const mail = await mailOf({ mail: { why, from: sender, replyTo } })
    expect(mail.from?.value).toEqual([sender])
    expect(mail.replyTo?.value).toEqual([replyTo])
    const named = await mailOf({ mail: { why, from: { name: 'Акме' } } })
    expect(named.from?.value).toEqual([{ name: 'Акме', address: from.address }])
    expect((await mailOf({})).from?.value).toEqual([from])
  })

  it('is in one thread with the others about its task, and with no other', async () => {
    const threadOf = async (tenant: string, thread: string) => {
      const { references, inReplyTo, messageId } = await mailOf({ tenant, mail: { why, thread } })
      expect(references).toBe(inReplyTo)
      expect(references).toMatch(/^<thread\.[0-9a-f]{64}@example\.org>$/)
      expect(messageId).not.toBe(inReplyTo)
      return inReplyTo
    }
    const task = await threadOf('acme', 'activiti$1')
    expect(await threadOf('acme', 'activiti$1')).toBe(task)
    expect(await threadOf('acme', 'activiti$2')).not.toBe(task)
    expect(await threadOf('other', 'activiti$1')).not.toBe(task)
  })

  it('says in text what to do, and why it came', async () => {
    const unsubscribe = unsubscribeLink.parse('https://example.org/off?a={address}')
    const html = '<p>x</p><!-- personal links -->'
    const { text, html: page } = await mailOf({ link, html, mail: { why } }, { unsubscribe })
    const off = 'https://example.org/off?a=ivanov%40acme.example'
    expect(text).toBe(
      `Задача: Согласование\n\nОткрыть задачу: ${link.url}\n\n-- \n${why}\nОтписаться: ${off}\n`,
    )
    expect(page).toContain(`<a href="${off}"`)
    expect(page).not.toContain('personal links')
  })
})
