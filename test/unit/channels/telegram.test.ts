import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Channel } from '../../../lib/channels/channel.ts'
import { createTelegramChannel } from '../../../lib/channels/telegram.ts'
import { serve } from '../../../local/receivers/server.ts'
import { startTelegram, type Telegram } from '../../../local/receivers/telegram.ts'
import { message } from './message.ts'

const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
let telegram: Telegram
let channel: Channel
beforeEach(async () => {
  telegram = await startTelegram(token)
  channel = createTelegramChannel({ apiUrl: telegram.url, tokenOf: async () => token })
})
afterEach(() => telegram.close())

const to = (address: string, fields = {}) => channel.deliver(message({ address, ...fields }))

describe('a message', () => {
  it('is said in the chat: the title in bold, then the text, all of it escaped', async () => {
    const delivery = await to('42', { title: 'A & <b>', text: 'x < y\n&amp;\n' })
    expect(delivery).toEqual({ outcome: 'sent', providerId: '1' })
    expect(telegram.received).toEqual([
      expect.objectContaining({
        chat_id: '42',
        text: '<b>A &amp; &lt;b&gt;</b>\n\nx &lt; y\n&amp;amp;',
        parse_mode: 'HTML',
      }),
    ])
  })

  it('that is too long is cut to what Telegram takes, and not within a character', async () => {
    for (const text of ['<'.repeat(5000), '😀'.repeat(5000), ` ${'😀'.repeat(5000)}`]) {
      expect(await to('42', { text })).toMatchObject({ outcome: 'sent' })
    }
    for (const { text } of telegram.received) {
      expect(text.endsWith('…')).toBe(true)
      expect(text.isWellFormed()).toBe(true)
    }
  })

  it('has a connection of its own: nobody knows what became of one sent over a closing one', async () => {
    for (let n = 0; n < 3; n += 1) await to('42')
    expect(telegram.received).toHaveLength(3)
    expect(telegram.connections()).toBe(3)
  })

  it('that is taken without an answer has an unknown outcome', async () => {
    const silent = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const apiUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const unsure = createTelegramChannel({ apiUrl, tokenOf: async () => '1:x' })
    expect(await unsure.deliver(message({ address: '42' }))).toEqual({
      outcome: 'unknown',
      reason: 'ECONNRESET',
    })
    silent.close()
  })
})

describe('Telegram', () => {
  it('that has us wait is transient, for as long as it says', async () => {
    telegram.flood.seconds = 17
    expect(await to('42')).toEqual({
      outcome: 'transient',
      reason: 'Telegram 429',
      retryAfterSeconds: 17,
      isFlood: true,
    })
    expect(await to('42')).toMatchObject({ outcome: 'sent' })
  })

  it('of whose person the bot was blocked is gone', async () => {
    telegram.blocked.add('42')
    expect(await to('42')).toEqual({ outcome: 'gone', reason: 'Telegram 403' })
  })

  it('that does not know the chat is permanent', async () => {
    telegram.unknown.add('42')
    expect(await to('42')).toEqual({ outcome: 'permanent', reason: 'Telegram 400' })
  })

  it('whose group has a new id is gone', async () => {
    telegram.migrated.set('-42', -100_42)
    expect(await to('-42')).toMatchObject({ outcome: 'gone' })
  })

  it.each(['42/../x', 'ivanov', '@', ''])('is not asked for the chat %j', async (address) => {
    expect(await to(address)).toEqual({
      outcome: 'permanent',
      reason: expect.stringMatching(/^the address is/),
    })
  })

  it('that does not know the token is transient: we can repair it', async () => {
    const stranger = createTelegramChannel({ apiUrl: telegram.url, tokenOf: async () => '1:x' })
    const delivery = await stranger.deliver(message({ address: '42' }))
    expect(delivery).toEqual({ outcome: 'transient', reason: 'Telegram 401' })
  })

  it('is never given what is no token, and the token is not told', async () => {
    const tokenOf = async () => 'hush/../x'
    const delivery = createTelegramChannel({ apiUrl: telegram.url, tokenOf }).deliver(
      message({ address: '42' }),
    )
    await expect(delivery).rejects.toMatchObject({
      code: 'telegram-token',
      message: expect.not.stringContaining('hush'),
    })
  })

  it.each([500, 502])('that answers %i in a page is transient', async (status) => {
    const server = await serve(() => ({ status, body: '<html>Bad Gateway</html>' }))
    const delivery = await createTelegramChannel({
      apiUrl: server.url,
      tokenOf: async () => token,
    }).deliver(message({ address: '42' }))
    await server.close()
    expect(delivery).toEqual({ outcome: 'transient', reason: `Telegram ${status}` })
  })

  it('that is not there is transient, and the token is not told', async () => {
    await telegram.close()
    const delivery = await to('42')
    expect(delivery).toEqual({ outcome: 'transient', reason: 'ECONNREFUSED' })
    telegram = await startTelegram(token)
  })
})
