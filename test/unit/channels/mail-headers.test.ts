import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, it } from '@jest/globals'
import { mailbox } from '../../../lib/channels/addresses/mailbox.ts'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { unsubscribeLink } from '../../../lib/channels/unsubscribe.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { message } from './message.ts'

const opened: MailServer[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function received(from: string, address: string, unsubscribe?: string) {
  const server = await startMailServer()
  opened.push(server)
  const channel = createEmailChannel(
    { from: mailbox.parse(from), unsubscribe: unsubscribe && unsubscribeLink.parse(unsubscribe) },
    createSmtp(async () => server.url),
  )
  await channel.deliver(message({ address }))
  const [mail] = server.received
  if (!mail) throw new Error('no mail came')
  return mail
}

/** Python's email package reads the mail: nodemailer and mailparser have one author. */
const script = `
import email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
senders = [[one.display_name, one.addr_spec] for one in mail['From'].addresses]
print(json.dumps({
  'from': senders,
  'to': [one.addr_spec for one in mail['To'].addresses],
  'subject': mail['Subject'],
  'id': mail['Message-ID'].strip(),
  'unsubscribe': mail['List-Unsubscribe'] and mail['List-Unsubscribe'].strip(),
  'names': [name.lower() for name in mail.keys()],
  'defects': [str(defect) for value in mail.values() for defect in getattr(value, 'defects', [])],
}))`

const hasPython = spawnSync('python3', ['--version']).status === 0

function readByPython(raw: string) {
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: raw, encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const asPythonReads = hasPython ? it : it.skip

describe('the sender of a mail', () => {
  asPythonReads.each([
    ['ECOS: tasks <ecos@example.org>', 'ECOS: tasks'],
    ['ECOS; tasks, and more <ecos@example.org>', 'ECOS; tasks, and more'],
    ['ECOS (test) <ecos@example.org>', 'ECOS (test)'],
    ['"ECOS \\"test\\"" <ecos@example.org>', 'ECOS "test"'],
    ['ecos@other.example <ecos@example.org>', 'ecos@other.example'],
    ['"a, b <c>" <ecos@example.org>', 'a, b <c>'],
    ['ЭКОС: «А»; (ы) <ecos@example.org>', 'ЭКОС: «А»; (ы)'],
    ['Ürün 📬 <ecos@example.org>', 'Ürün 📬'],
    ['ecos@example.org', ''],
  ])('%s is one, with its name as it is written', async (from, name) => {
    const { raw, from: envelope } = await received(from, 'ivanov@acme.example')
    expect(envelope).toBe('ecos@example.org')
    expect(readByPython(raw)).toMatchObject({ from: [[name, 'ecos@example.org']], defects: [] })
  })

  it('may have a long name, which takes several encoded words', async () => {
    const name = 'ЭКОС: задачи; (отдел «А»), согласование и подписание'
    const { mail } = await received(`${name} <ecos@example.org>`, 'ivanov@acme.example')
    expect(mail.from?.value).toEqual([{ name, address: 'ecos@example.org' }])
  })

  it.each(['ECOS', 'ECOS <ecos>', 'a <a@x.example>, b <b@x.example>', 'a\r\nBcc: b <a@x.example>'])(
    '%j is refused',
    (from) => expect(mailbox.safeParse(from).success).toBe(false),
  )
})

asPythonReads('a mail of and to IDN domains is ASCII, without SMTPUTF8', async () => {
  const { raw, smtpUtf8 } = await received(
    'ЭКОС <ecos@почта.рф>',
    'ivanov@пример.рф',
    'https://почта.рф/отписка?address={address}',
  )
  expect(smtpUtf8).toBe(false)
  expect(raw).toMatch(/^\p{ASCII}*$/u)
  expect(readByPython(raw)).toMatchObject({
    from: [['ЭКОС', 'ecos@xn--80a1acny.xn--p1ai']],
    to: ['ivanov@xn--e1afmkfd.xn--p1ai'],
    subject: message().title,
    id: `<${message().notificationId}@xn--80a1acny.xn--p1ai>`,
    unsubscribe: `<https://xn--80a1acny.xn--p1ai/${encodeURIComponent('отписка')}?address=${encodeURIComponent('ivanov@пример.рф')}>`,
    defects: [],
  })
})
