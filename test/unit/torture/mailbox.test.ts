import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTransport } from 'nodemailer'
import { type Mailbox, startMailbox } from '../../../torture/world/mailbox.ts'

let mailbox: Mailbox

beforeEach(async () => {
  mailbox = await startMailbox()
})

afterEach(() => mailbox.close())

async function send(to: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.port, secure: false })
  await transport.sendMail({ from: 'ecos@example.com', to, subject: 'rig-1-1', text: 'Hello' })
}

describe('the mail server of a run', () => {
  it('takes a mail, and knows no mailbox that is gone', async () => {
    await send('mailer@tenant-0.example')
    await expect(send('mover@tenant-0.example')).rejects.toMatchObject({ responseCode: 550 })
    expect(mailbox.received.map(({ to }) => to)).toEqual([['mailer@tenant-0.example']])
  })

  it('takes a mail and loses its answer', async () => {
    mailbox.mood = 'lose'
    await expect(send('mailer@tenant-0.example')).rejects.toThrow()
    expect(mailbox.received).toHaveLength(1)
    mailbox.mood = 'take'
    await send('mailer@tenant-0.example')
    expect(mailbox.received).toHaveLength(2)
  })
})
