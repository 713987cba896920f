import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { SendMailOptions } from 'nodemailer'
import type { SMTPServerOptions } from 'smtp-server'
import { mailbox } from '../../../lib/channels/addresses/mailbox.ts'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { personalLinksPlace } from '../../../lib/channels/mail-footer.ts'
import { readOwnLink } from '../../../lib/channels/own-link.ts'
import { createOwnLinks } from '../../../lib/channels/own-links.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { answer, type MailServer, startMailServer } from './mail-server.ts'
import { message as messageWith } from './message.ts'

const message = messageWith()

const opened: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function start(options?: SMTPServerOptions): Promise<MailServer> {
  const server = await startMailServer(options)
  opened.push(server)
  return server
}

const channelOf = (url: string, from = 'ЭКОС <ecos@example.org>') =>
  createEmailChannel(
    { from: mailbox.parse(from) },
    createSmtp(async () => url),
  )

describe('a mail', () => {
  it('arrives as text and HTML with its Russian subject', async () => {
    const server = await start()
    const delivery = await channelOf(server.url).deliver(message)

    expect(delivery).toEqual({ outcome: 'sent', providerId: '250 queued as 4711' })
    const [received] = server.received
    expect(received?.to).toEqual(['ivanov@acme.example'])
    expect(received?.from).toBe('ecos@example.org')
    const mail = received?.mail
    expect(mail?.subject).toBe(message.title)
    expect(mail?.text).toBe(message.text)
    expect(mail?.html).toContain(message.html)
    expect(mail?.from?.text).toBe('"ЭКОС" <ecos@example.org>')
    expect(mail?.messageId).toBe(`<${message.notificationId}@example.org>`)
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.headers.get('content-language')).toBe('ru')
    expect(received?.raw).toMatch(/Content-Type: multipart\/alternative/)
  })

  it('has only ASCII on the wire, where the address is ASCII', async () => {
    const server = await start()
    await channelOf(server.url).deliver(message)
    expect(server.received[0]?.raw).toMatch(/^\p{ASCII}*$/u)
  })

  it('reaches an address with a Cyrillic local part', async () => {
    const server = await start()
    const address = 'иванов@acme.example'
    const delivery = await channelOf(server.url).deliver({ ...message, address })
    expect(delivery.outcome).toBe('sent')
    expect(server.received[0]?.to).toEqual([address])
    expect(server.received[0]?.smtpUtf8).toBe(true)
  })

  it('is not given to a server that does not take such an address, with the reason', async () => {
    const server = await start({ hideSMTPUTF8: true })
    const channel = channelOf(server.url)
    for (const address of ['иванов@acme.example', 'петров@acme.example']) {
      expect(await channel.deliver({ ...message, address })).toEqual({
        outcome: 'permanent',
        reason: expect.stringContaining('does not offer SMTPUTF8'),
      })
    }
    expect(server.received).toEqual([])
    // The server was asked once.
    expect(server.connections()).toBe(1)
  })

  it('goes over one connection with the mail before it', async () => {
    const server = await start()
    const channel = channelOf(server.url)
    await channel.deliver(message)
    await channel.deliver(message)
    expect(server.received).toHaveLength(2)
    expect(server.connections()).toBe(1)
  })

  it('goes to the server of the secret as it is now', async () => {
    const [before, after] = [await start(), await start()]
    let url = before.url
    const channel = createEmailChannel(
      { from: mailbox.parse('ecos@example.org') },
      createSmtp(async () => url),
    )
    await channel.deliver(message)
    url = after.url
    await channel.deliver(message)
    expect([before.received.length, after.received.length]).toEqual([1, 1])
  })
})

describe('a mail of a tenant', () => {
  it("goes to the tenant's own server", async () => {
    const [cell, own] = [await start(), await start()]
    const send = createSmtp(async (tenant) => (tenant === 'acme' ? own.url : cell.url))
    const channel = createEmailChannel({ from: mailbox.parse('ecos@example.org') }, send)
    await channel.deliver(message)
    await channel.deliver({ ...message, tenant: 'local-ecos' })
    await channel.deliver(message)
    expect([cell.received.length, own.received.length]).toEqual([1, 2])
    expect(own.connections()).toBe(1)
  })

  it('tells where to unsubscribe, by a link in one piece, however long', async () => {
    const server = await start()
    const unsubscribe = 'https://example.org/unsubscribe?tenant={tenant}&address={address}'
    const channel = createEmailChannel(
      { from: mailbox.parse('ecos@example.org'), unsubscribe },
      createSmtp(async () => server.url),
    )
    const address = `${'я'.repeat(32)}@acme.example`
    await channel.deliver({ ...message, address })
    const link = `<https://example.org/unsubscribe?tenant=acme&address=${encodeURIComponent(address)}>`
    expect(server.received[0]?.raw).toContain(`\r\nList-Unsubscribe:\r\n ${link}\r\n`)
    expect(server.received[0]?.raw).toContain(
      '\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n',
    )
  })
})

describe('a header', () => {
  it('can not be added by a title', async () => {
    const server = await start()
    const title = 'x\r\nBcc: victim@example.net\r\n\r\nbody'
    await channelOf(server.url).deliver({ ...message, title })
    const [received] = server.received
    expect(received?.to).toEqual(['ivanov@acme.example'])
    expect(received?.mail.headers.has('bcc')).toBe(false)
    expect(received?.mail.text).toBe(message.text)
    expect(received?.raw).not.toMatch(/^Bcc:/im)
  })

  it.each([
    'ivanov@acme.example\r\nBcc: victim@example.net',
    'ivanov@acme.example, victim@example.net',
    'ivanov@acme.example;victim@example.net',
    '<victim@example.net> ivanov@acme.example',
    '"victim@example.net"@acme.example',
    'ivanov@acme.example>\r\nRCPT TO:<victim@example.net',
    'ivanov(comment)@acme.example',
    'ivanov\u202e@acme.example',
    'ivanov',
    `${'i'.repeat(65)}@acme.example`,
  ])('nor a recipient can be added by the address %j', async (address) => {
    const server = await start()
    expect(await channelOf(server.url).deliver({ ...message, address })).toEqual({
      outcome: 'permanent',
      reason: expect.stringMatching(/^the address (has|is)/),
    })
    expect(server.received).toEqual([])
  })
})

describe('the links to the reader’s own page', () => {
  const secret = Buffer.alloc(32, 1).toString('base64')
  const ownLinks = createOwnLinks('https://notify.acme.example/own/', async () => secret)
  const from = { name: '', address: 'ecos@acme.example' }

  async function sent(options: object, fields = {}): Promise<SendMailOptions> {
    let mail: SendMailOptions = {}
    const html = `<p>x</p>${personalLinksPlace}`
    await createEmailChannel({ from, ...options }, async (given) => {
      mail = given
      return { outcome: 'sent' }
    }).deliver({ ...message, html, username: 'ivanov', ...fields })
    return mail
  }

  it('are in text and HTML, and in the headers of one-click unsubscription', async () => {
    const { text, html, headers } = await sent({ ownLinks })
    const [page = ''] = /https:\S+\/own\/page\/\S+/.exec(String(text)) ?? []
    expect(html).toContain(`href="${page}"`)
    const { 'List-Unsubscribe': list, 'List-Unsubscribe-Post': post } = headers as Record<
      string,
      string
    >
    const [, token = ''] = /^<https:.*\/own\/unsubscribe\/(.*)>$/.exec(list ?? '') ?? []
    expect(readOwnLink(secret, token, new Date())).toMatchObject({
      link: { purpose: 'unsubscribe', tenant: 'acme', username: 'ivanov' },
    })
    expect(post).toBe('List-Unsubscribe=One-Click')
  })

  it('leave List-Unsubscribe to a link of the operator’s', async () => {
    const unsubscribe = 'https://example.org/off?t={tenant}'
    const { text, headers } = await sent({ ownLinks, unsubscribe })
    expect(headers).toMatchObject({ 'List-Unsubscribe': '<https://example.org/off?t=acme>' })
    expect(text).toMatch(/\/own\/page\//)
  })

  it('are missing where the reader is not known, or there is no page', async () => {
    for (const mail of [await sent({ ownLinks }, { username: undefined }), await sent({})]) {
      expect(mail.headers).not.toHaveProperty('List-Unsubscribe')
      expect(mail.text).not.toContain('https:')
    }
  })
})

describe('a refusal', () => {
  const refuseRecipient = (code: number, text: string): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(answer(code, text)),
  })
  const refuseSender = (code: number): SMTPServerOptions => ({
    onMailFrom: (_address, _session, done) => done(answer(code, 'no')),
  })
  const refuseContent = (code: number, status = ''): SMTPServerOptions => ({
    onData(stream, _session, done) {
      stream
        .resume()
        .on('end', () => done(answer(code, `${status} ivanov@acme.example is no`.trim())))
    },
  })

  it.each([
    [
      'the recipient by a policy',
      refuseRecipient(550, '5.7.1 <ivanov@acme.example> is not for you'),
      'SMTP 550 5.7.1 to RCPT TO',
    ],
    ['the domain', refuseRecipient(550, '5.1.2 no such host'), 'SMTP 550 5.1.2 to RCPT TO'],
    ['the content, by a code for mailboxes', refuseContent(550, '5.1.1'), 'SMTP 550 5.1.1 to DATA'],
    [
      'the recipient, without more',
      refuseRecipient(553, 'ivanov@acme.example'),
      'SMTP 553 to RCPT TO',
    ],
    ['the content', refuseContent(554), 'SMTP 554 to DATA'],
  ])('of %s for good is permanent, and does not repeat the address', async (_, options, reason) => {
    const server = await start(options)
    expect(await channelOf(server.url).deliver(message)).toEqual({ outcome: 'permanent', reason })
  })

  // RFC 3463, and RFC 7505 for a domain that takes no mail.
  it.each([
    [550, '5.1.1', 'User unknown in virtual mailbox table'],
    [501, '5.1.3', 'Bad recipient address syntax'],
    [550, '5.1.6', 'Mailbox has moved'],
    [556, '5.1.10', 'Recipient address has null MX'],
    [550, '5.2.1', 'The email account that you tried to reach is disabled'],
  ])('of a mailbox that does not exist, %i %s, ends the address', async (code, status, text) => {
    const server = await start(refuseRecipient(code, `${status} <ivanov@acme.example> ${text}`))
    expect(await channelOf(server.url).deliver(message)).toEqual({
      outcome: 'gone',
      reason: `SMTP ${code} ${status} to RCPT TO`,
    })
  })

  it.each([
    ['the recipient for now', refuseRecipient(451, '4.7.1 try later'), 'SMTP 451 4.7.1 to RCPT TO'],
    ['the content for now', refuseContent(452), 'SMTP 452 to DATA'],
    ['the sender, which is ours to repair', refuseSender(550), 'SMTP 550 to MAIL FROM'],
    ['a session without credentials', refuseRecipient(530, 'log in'), 'SMTP 530 to RCPT TO'],
  ])('of %s is transient', async (_, options, reason) => {
    const server = await start(options)
    expect(await channelOf(server.url).deliver(message)).toEqual({ outcome: 'transient', reason })
  })

  it('of our credentials is transient', async () => {
    const server = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(answer(535, 'no')),
    })
    const url = server.url.replace('//', '//user:secret@')
    const delivery = await channelOf(url).deliver(message)
    expect(delivery.outcome).toBe('transient')
    expect(JSON.stringify(delivery)).not.toContain('secret')
  })

  it('does not break the mails that follow', async () => {
    const server = await start({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('bad') ? done(answer(550, 'no')) : done(),
    })
    const channel = channelOf(server.url)
    const outcomes = await Promise.all(
      ['bad@x.example', 'good@x.example'].map((address) =>
        channel.deliver({ ...message, address }),
      ),
    )
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['permanent', 'sent'])
    expect(server.received.map(({ to }) => to)).toEqual([['good@x.example']])
  })
})

describe('a server', () => {
  it('that is not there is transient', async () => {
    const server = await startMailServer()
    await server.close()
    expect(await channelOf(server.url).deliver(message)).toMatchObject({ outcome: 'transient' })
  })

  it('that takes 12 seconds to accept a mail is waited for, and gets it once', async () => {
    let mails = 0
    const server = await start({
      async onData(stream, _session, done) {
        for await (const _ of stream);
        mails += 1
        setTimeout(() => done(null, 'queued at last'), 12_000)
      },
    })
    expect(await channelOf(server.url).deliver(message)).toMatchObject({ outcome: 'sent' })
    expect(mails).toBe(1)
  }, 300_000)

  it('that never greets is given up, transiently', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    opened.push(silent)
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    // A setting in the URL's query counts before ours, so that the test need not wait for it.
    const url = `smtp://127.0.0.1:${port}?greetingTimeout=100`
    expect(await channelOf(url).deliver(message)).toEqual({
      outcome: 'transient',
      reason: 'ETIMEDOUT',
    })
  })

  it.each(['', 'http://mail.example', 'user:secret@mail.example'])(
    'with the address %j is refused without repeating it',
    async (url) => {
      await expect(channelOf(url).deliver(message)).rejects.toMatchObject({
        code: 'smtp-url',
        message: 'The SMTP secret is not a URL smtp://… or smtps://…',
      })
    },
  )
})
