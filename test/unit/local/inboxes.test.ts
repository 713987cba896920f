import { afterEach, describe, expect, it } from '@jest/globals'
import { indentedJson } from '../../../local/receivers/inboxes/text.ts'
import { createMailbox } from '../../../local/receivers/mailbox.ts'
import type { Sms } from '../../../local/receivers/sms.ts'
import { fill, hostile, inboxesBeside } from '../../support/inboxes.ts'

let inboxes: Awaited<ReturnType<typeof inboxesBeside>>
afterEach(() => inboxes?.close())

async function open(sms: Record<string, Sms[]> | 'broken' = {}) {
  inboxes = await inboxesBeside(sms)
  return inboxes
}

async function read(query = '', headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(`${inboxes.url}/${query}`, { headers })).text()
}

const telegram = (text: string) => ({ chat_id: '42', text })

describe('the page of inboxes', () => {
  it('shows the newest messages first, and how many came', async () => {
    const { mailboxes } = await open()
    for (let number = 0; number < 60; number += 1)
      mailboxes.telegram.add(telegram(`t${number};`), 1)
    const page = await read()
    expect(page).toContain('Received: 60, of which the last 50 are shown')
    expect(page.indexOf('t59;')).toBeLessThan(page.indexOf('t58;'))
    expect(page).not.toContain('t9;')
  })

  it('speaks the language of the browser, or the one that was chosen', async () => {
    await open()
    expect(await read()).toContain('<html lang="en">')
    const russian = await read('', { 'accept-language': 'ru-RU,ru;q=0.9,en;q=0.5' })
    expect(russian).toContain('Получено: 0')
    expect(await read('?lang=ru')).toContain('Входящие')
    expect(await read('?lang=en', { 'accept-language': 'ru' })).toContain('Nothing has come yet.')
    expect(await read('?lang=__proto__')).toContain('<html lang="en">')
  })

  it('shows what came from outside as text, and no address but those of the web as a link', async () => {
    fill(await open({ [hostile]: [{ PhoneNumber: hostile, Message: hostile }] }), hostile)
    const page = await read()
    expect(page).not.toMatch(/<script>|<img|href="javascript:/)
    // In Telegram, push, SMS, chat and webhook.
    const sections = page.split('<section').slice(1)
    expect(sections).toHaveLength(5)
    for (const section of sections) expect(section).toContain('&lt;script&gt;globalThis.owned')
  })

  it('shows a title of Telegram in bold, its link as a button, and addresses as links', async () => {
    const { mailboxes } = await open()
    const url = 'https://ecos.example.org/?a=1&b=2'
    const reply_markup = { inline_keyboard: [[{ text: 'Open the task', url }]] }
    const text = '<b>R&amp;D &lt;new&gt;</b>\n\nSee https://x.example/a.'
    mailboxes.telegram.add({ chat_id: '42', text, reply_markup }, 1)
    const page = await read()
    expect(page).toContain('<strong>R&amp;D &lt;new&gt;</strong>')
    expect(page).toContain('href="https://x.example/a"')
    expect(page).toMatch(
      /class="button" href="https:\/\/ecos.example.org\/\?a=1&amp;b=2"[^>]*>Open the task</,
    )
  })

  it('shows an SMS in its parts, with their count', async () => {
    const Message = `${'я'.repeat(67)}${'ю'.repeat(10)}`
    await open({ '+79990000001': [{ PhoneNumber: '+79990000001', Message }] })
    const page = await read('?lang=ru')
    expect(page).toContain(`${'я'.repeat(67)}</p><small>1/2</small>`)
    expect(page).toContain(`${'ю'.repeat(10)}</p><small>2/2</small>`)
    expect(page).toContain('Частей: 2 · символов: 77 · UCS-2')
  })

  it("shows a webhook's numbers with all their digits", async () => {
    const { mailboxes } = await open()
    const body = '{"type":"task.create","data":{"big":9007199254740993,"one":1.0,"none":[]}}'
    const payload = { type: 'task.create', timestamp: '', data: {} }
    mailboxes.webhook.add({ id: '1', path: '/acme/smith', payload, body }, body.length)
    expect(await read()).toContain(
      '&quot;big&quot;: 9007199254740993,\n    &quot;one&quot;: 1.0,\n    &quot;none&quot;: []\n',
    )
  })

  it('says that the SMS are unknown where the local AWS does not answer, and shows the rest', async () => {
    const { mailboxes } = await open('broken')
    mailboxes.telegram.add(telegram('hello'), 1)
    const page = await read()
    expect(page).toContain('The local AWS did not answer')
    expect(page).toContain('hello')
  })

  it('answers that nothing has changed until something has', async () => {
    const { mailboxes, url } = await open()
    const first = await fetch(url)
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await fetch(url, { headers })).status).toBe(304)
    mailboxes.telegram.add(telegram('hello'), 1)
    expect((await fetch(url, { headers })).status).toBe(200)
  })

  it('allows no script but its own', async () => {
    const { url } = await open()
    const policy = (await fetch(url)).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; style-src 'self'; script-src 'self'")
    const script = await fetch(`${url}/inboxes.js`)
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ])
  })
})

describe('a mailbox', () => {
  it('keeps the newest messages, and counts them all', () => {
    const mailbox = createMailbox<string>({ maxMessages: 3, maxCharacters: 10 })
    for (const text of ['a', 'b', 'c', 'd']) mailbox.add(text, 1)
    expect([mailbox.received, mailbox.total()]).toEqual([['b', 'c', 'd'], 4])
    mailbox.add('long', 9)
    expect(mailbox.received).toEqual(['d', 'long'])
    expect(mailbox.latest(1).map(({ message }) => message)).toEqual(['long'])
  })
})

it.each([
  ['{}', '{}'],
  ['[]', '[]'],
  ['[1,2]', '[\n  1,\n  2\n]'],
  [
    '{"a" : "{\\"b\\":[1,2]}" , "c":{"d":null}}',
    '{\n  "a": "{\\"b\\":[1,2]}",\n  "c": {\n    "d": null\n  }\n}',
  ],
  ['-1.50e+10', '-1.50e+10'],
])('%j is indented as it came', (json, text) => {
  expect(indentedJson(json)).toBe(text)
})
