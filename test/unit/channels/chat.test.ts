import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createChatChannel } from '../../../lib/channels/chat.ts'
import { fitsChat } from '../../../lib/channels/chat-text.ts'
import { type Chat, startChat } from '../../../local/receivers/chat.ts'
import { type Answer, serve } from '../../../local/receivers/server.ts'
import { message } from './message.ts'

let chat: Chat
const channel = createChatChannel(true)
beforeEach(async () => {
  chat = await startChat()
})
afterEach(() => chat.close())

const to = (path: string, fields = {}) =>
  channel.deliver(message({ address: `${chat.url}${path}`, ...fields }))
const attachment = () => chat.received.at(-1)?.message.attachments[0]

describe('a message to a chat', () => {
  it('has the title in bold and the text, without any markup of Slack', async () => {
    const text = '<https://evil.example|Открыть> <!channel> *x* & co\n'
    expect(await to('/hooks/T1', { title: 'A & <b>', text })).toEqual({ outcome: 'sent' })
    const title = 'A &amp; &lt;b&gt;'
    expect(chat.received).toEqual([
      {
        path: '/hooks/T1',
        message: {
          attachments: [
            {
              fallback: title,
              title,
              text: '&lt;https://evil.example|Открыть&gt; &lt;!channel&gt; *x* &amp; co',
              mrkdwn_in: [],
            },
          ],
        },
      },
    ])
  })

  it.each(['@all', '@channel', '@here', '@everyone', '@All'])('does not call %s', async (word) => {
    await to('/hooks/T1', { title: `Срочно ${word}`, text: `(${word}) a${word}` })
    expect(JSON.stringify(attachment())).not.toContain(word)
    await to('/hooks/T1', { text: '@alla @hereby' })
    expect(attachment()?.text).toBe('@alla @hereby')
  })

  it('has no link or picture that hides its address, as Mattermost and Rocket.Chat show Markdown', async () => {
    const text = '[ECOS](https://evil.example) ![](https://evil.example/x.png) [a][b]\n\n[b]: /x'
    await to('/hooks/T1', { title: text, text: `${text} [1] [x]` })
    const { title = '', text: shown = '', fallback = '' } = attachment() ?? {}
    for (const one of [title, shown, fallback]) expect(one).not.toMatch(/\][([:]/)
    expect(shown.replaceAll('\u200b', '')).toBe(`${text} [1] [x]`)
  })

  it.each([
    ['#@ivanov', '@ivanov'],
    ['#contracts', '#contracts'],
    ['##contracts', '#contracts'],
    ['#@иванов', '@иванов'],
    ['', undefined],
  ])('whose address ends in "%s" is for %s', async (fragment, room) => {
    await to(`/hooks/T1${fragment}`)
    expect(chat.received[0]).toMatchObject({ path: '/hooks/T1' })
    expect(chat.received[0]?.message.channel).toBe(room)
  })

  it('that is too long is cut, and not within a character', async () => {
    for (const text of ['<'.repeat(5000), '😀'.repeat(5000)]) {
      expect(await to('/hooks/T1', { text })).toEqual({ outcome: 'sent' })
      expect(attachment()?.text).toMatch(/…$/)
      expect(attachment()?.text.isWellFormed()).toBe(true)
      expect(fitsChat({ title: 'x', text })).toBe(false)
    }
    expect(fitsChat({ title: 'x', text: 'y' })).toBe(true)
  })

  it('has a connection of its own, and waits as long as the chat says', async () => {
    await to('/hooks/T1')
    await to('/hooks/T1')
    expect(chat.connections()).toBe(2)
    chat.flood.seconds = 17
    expect(await to('/hooks/T1')).toEqual({
      outcome: 'transient',
      reason: 'HTTP 429',
      retryAfterSeconds: 17,
      isFlood: true,
    })
  })

  it('to a webhook that was removed ends its address', async () => {
    chat.removed.add('/hooks/T1')
    expect(await to('/hooks/T1')).toEqual({ outcome: 'gone', reason: 'HTTP 404 no_service' })
  })

  it('that is taken without an answer has an unknown outcome', async () => {
    const silent = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/hooks/T1`
    expect(await channel.deliver(message({ address }))).toEqual({
      outcome: 'unknown',
      reason: 'ECONNRESET',
    })
    silent.close()
  })

  it('goes to no private host unless the setting allows it', async () => {
    const outside = createChatChannel(false)
    const at = (address: string) => outside.deliver(message({ address }))
    const notPublic = {
      outcome: 'permanent',
      reason: 'the address has a host that is not public',
    }
    expect(await at('https://127.0.0.1/hooks/T1')).toEqual(notPublic)
    // A public name that resolves to a private address.
    expect(await at(`https://localtest.localhost/hooks/T1`)).toEqual(notPublic)
  })
})

const mattermost = (id: string) => JSON.stringify({ id, message: 'Ошибка', status_code: 400 })

describe('the answer', () => {
  it.each<[number, string, string]>([
    [200, '{"success":true}', 'sent'],
    [400, 'invalid_payload', 'permanent'],
    [400, 'user_not_found', 'gone'],
    [403, 'action_prohibited', 'permanent'],
    [404, 'channel_not_found', 'gone'],
    [404, '<html>nginx</html>', 'permanent'],
    [410, 'channel_is_archived', 'gone'],
    [410, '', 'gone'],
    [400, mattermost('web.incoming_webhook.invalid.app_error'), 'gone'],
    [400, mattermost('web.incoming_webhook.user.app_error'), 'gone'],
    [404, mattermost('web.incoming_webhook.channel.app_error'), 'gone'],
    [400, mattermost('web.incoming_webhook.text.app_error'), 'permanent'],
    [501, mattermost('web.incoming_webhook.disabled.app_error'), 'transient'],
    [302, '', 'permanent'],
    [500, 'rollup_error', 'transient'],
    [503, '', 'transient'],
  ])('%i %s means %s', async (status, body, outcome) => {
    const answer: Answer = { status, body }
    const server = await serve(() => answer)
    const delivery = await channel.deliver(message({ address: `${server.url}/hooks/T1` }))
    expect(delivery.outcome).toBe(outcome)
    await server.close()
  })
})
