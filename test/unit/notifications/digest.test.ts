import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type ChannelName, channelNames } from '../../../lib/channels/channel.ts'
import { chatMessage } from '../../../lib/channels/chat-text.ts'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { createFits } from '../../../lib/channels/fits.ts'
import { pushMessage } from '../../../lib/channels/push-message.ts'
import { createSmsChannel, smsParts } from '../../../lib/channels/sms.ts'
import { telegramText } from '../../../lib/channels/telegram-text.ts'
import { digestContent, digestOf } from '../../../lib/notifications/digest.ts'
import type { QueuedNotification } from '../../../lib/notifications/notification.ts'
import { queued } from './in-memory.ts'

const maxSmsParts = 3
const now = new Date('2026-11-25T09:00:00Z')

interface Text {
  readonly title: string
  readonly text: string
}

function digest(channel: ChannelName, texts: readonly Text[], locale = 'ru', count = texts.length) {
  const address = channel === 'sms' ? '+79161234567' : 'ivanov@acme.example'
  const contents = texts.map((text) => ({ ...queued, channel, address, locale, ...text }))
  const heldUntil = now.toISOString()
  const rest = { username: 'ivanov', state: 'WAIT_FOR_DISPATCH', deliveries: [] } as const
  const record = { ...queued, ...rest, channel, address, heldUntil, attempts: 0, resend: 0 }
  return digestContent(digestOf(record, 0), { contents, count }, now, createFits(maxSmsParts))
}

/** What a person gets, as the channel itself formats it. */
async function shown(channel: ChannelName, content: QueuedNotification): Promise<string> {
  let sent = ''
  switch (channel) {
    case 'telegram':
      return telegramText(content.title, content.text)
    case 'push':
      return JSON.stringify(pushMessage(content))
    case 'sms':
      await createSmsChannel(maxSmsParts, async (_, text) => {
        sent = text
        return { outcome: 'sent' }
      }).deliver(content)
      return sent
    case 'email':
      await createEmailChannel(
        { from: { name: '', address: 'ecos@acme.example' } },
        async ({ text }) => {
          sent = String(text)
          return { outcome: 'sent' }
        },
      ).deliver(content)
      return sent
    case 'chat':
      return JSON.stringify(chatMessage(content))
    case 'webhook':
      return content.text
  }
}

/** The members told of, and how many more are counted. */
function toldIn(text: string): { told: number[]; more: number } {
  const told = [...text.matchAll(/№(\d+);/g)].map(([, at]) => Number(at))
  const [, more = '0'] = /(?:и ещё|and) (\d+)/.exec(text) ?? []
  return { told, more: Number(more) }
}

const fifty = Array.from({ length: 50 }, (_, at) => ({
  title: `№${at}; Новая задача: согласовать договор поставки № ${at}/2026 с контрагентом`,
  text: `Договор поставки оборудования <${at}>.\n${'Срок & сумма указаны в приложении. '.repeat(20)}`,
}))

describe('a digest of 50 long notifications', () => {
  it.each<[ChannelName, number]>([
    ['email', 50],
    ['webhook', 50],
    ['telegram', 50],
    ['chat', 40],
    ['push', 20],
    ['sms', 2],
  ])('tells by %s of at least %i, and counts all others', async (channel, least) => {
    const { told, more } = toldIn(await shown(channel, digest(channel, fifty)))
    expect(told.length).toBeGreaterThanOrEqual(least)
    expect(told).toEqual([...told.keys()])
    expect(told.length + more).toBe(50)
  })

  it('tells of as much of each text as there is room for', async () => {
    const { text } = digest('email', fifty)
    expect(text.length).toBeGreaterThan(19_000)
    expect(digest('telegram', fifty.slice(0, 10)).text).toMatch(/№9;.*\nДоговор поставки/)
  })

  it('has the same in text and HTML', () => {
    const { text, html } = digest('sms', fifty)
    expect(toldIn(html)).toEqual(toldIn(text))
  })
})

it.each([
  ['ru', 1, 'и ещё 1 уведомление'],
  ['ru', 2, 'и ещё 2 уведомления'],
  ['ru', 5, 'и ещё 5 уведомлений'],
  ['ru', 11, 'и ещё 11 уведомлений'],
  ['ru-RU', 21, 'и ещё 21 уведомление'],
  ['ru', 22, 'и ещё 22 уведомления'],
  ['en', 1, 'and 1 more notification'],
  ['en-GB', 2, 'and 2 more notifications'],
])('in %s a digest counts %i more in words', (locale, more, words) => {
  const { title, text } = digest('email', [{ title: 'One', text: 'x' }], locale, 1 + more)
  expect(text.trimEnd().split('\n').at(-1)).toBe(words)
  expect(title).toBe(`${locale.startsWith('ru') ? 'Уведомления' : 'Notifications'}: ${1 + more}`)
})

it('one alone keeps its content', () => {
  const one = { title: 'One', text: 'Text' }
  expect(digest('sms', [one])).toMatchObject({ ...one, html: queued.html })
})

it('tells of each member or counts it, whatever the texts and the channel', async () => {
  const title = fc
    .string({ unit: 'grapheme', maxLength: 190 })
    .map((text) => text.replace(/[№\n]/g, ''))
  const member = fc.record({ title, text: fc.string({ unit: 'grapheme', maxLength: 3000 }) })
  const members = fc.array(member, { minLength: 2, maxLength: 50 })
  const channels = fc.constantFrom(...channelNames)
  await fc.assert(
    fc.asyncProperty(
      members,
      channels,
      fc.constantFrom('ru', 'en'),
      async (all, channel, locale) => {
        const texts = all.map(({ title, text }, at) => {
          return { title: `№${at}; ${title}`, text: text.replace(/№|и ещё|and/g, '') }
        })
        const { told, more } = toldIn(await shown(channel, digest(channel, texts, locale)))
        expect(told.length + more).toBe(all.length)
        const content = digest(channel, texts, locale)
        if (channel === 'sms') {
          expect(smsParts(await shown(channel, content))).toBeLessThanOrEqual(maxSmsParts)
        }
      },
    ),
    { numRuns: 50 },
  )
})
