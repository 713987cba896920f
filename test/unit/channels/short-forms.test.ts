import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { chatMessage } from '../../../lib/channels/chat-text.ts'
import { pushMessage } from '../../../lib/channels/push-message.ts'
import { smsOf, smsParts } from '../../../lib/channels/sms.ts'
import { telegramMessage } from '../../../lib/channels/telegram-text.ts'
import { message } from './message.ts'

const home = 'https://ecos.acme.example'
const link = {
  url: `${home}/v2/dashboard?recordRef=alfresco@workspace://SpacesStore/f2bb30a4-5e4b`,
  label: 'Открыть задачу',
  home,
}

describe('an SMS', () => {
  const sms = (title: string, short = '', more = {}) =>
    smsOf(message({ title, short, link, ...more }), 3)

  it.each([
    ['Счёт №1', 'Срок: завтра в 18:00', `Счёт №1\nСрок: завтра в 18:00\n${home}`],
    [
      'Новая задача: Согласование договора №8',
      'Срок: завтра в 18:00',
      `Новая задача: Согласование договора №8\n${home}`,
    ],
    [
      'Новая задача: Согласование договора аренды №8',
      '',
      'Новая задача: Согласование договора аренды №8\necos.acme.example',
    ],
    [`Новая задача: ${'я'.repeat(50)}`, 'x', `Новая задача: ${'я'.repeat(50)}`],
    ['New task: Lease', 'Due: tomorrow', `New task: Lease\nDue: tomorrow\n${link.url}`],
  ])('is one part where its title is one: %j', (title, short, text) => {
    expect(sms(title, short)).toBe(text)
    expect(smsParts(sms(title, short))).toBe(1)
  })

  it('with a longer title is cut, but not its address', () => {
    const text = sms(`Новая задача: ${'я'.repeat(300)}`)
    expect(text.endsWith(`…\n${home}`)).toBe(true)
    expect(smsParts(text)).toBe(3)
  })

  it('of a template of its own is title and text', () => {
    expect(smsOf(message({ title: 'A', text: 'b\n', link }), 3)).toBe('A\nb')
  })

  it('never has more parts than are allowed', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 5 }), (title, short, parts) => {
        expect(smsParts(smsOf(message({ title, short, link }), parts))).toBeLessThanOrEqual(parts)
      }),
    )
  })
})

describe('a push message', () => {
  it('is title and one line, and opens the link', () => {
    const sent = pushMessage(message({ title: 'Счёт', short: 'Срок: завтра', link }))
    expect(sent).toMatchObject({
      notification: { title: 'Счёт', body: 'Срок: завтра' },
      data: { link: link.url },
      webpush: { fcm_options: { link: link.url } },
    })
  })

  it('has no web link that FCM would refuse', () => {
    const url = 'http://ecos.local/'
    const sent = pushMessage(message({ link: { ...link, url } }))
    expect(sent).toMatchObject({ data: { link: url } })
    expect(sent).not.toHaveProperty('webpush')
  })
})

describe('a Telegram message', () => {
  it('has a button', () => {
    expect(telegramMessage(message({ title: 'A', text: 'b', link }))).toEqual({
      text: '<b>A</b>\n\nb',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: [[{ text: 'Открыть задачу', url: link.url }]] },
    })
  })

  it.each(['http://localhost:8080/x', 'http://ecos/x', 'http://10.1.2.3/x'])(
    'has a line for %s, which Telegram takes for no button',
    (url) => {
      const sent = telegramMessage(
        message({ title: 'A', text: 'b'.repeat(5000), link: { ...link, url } }),
      )
      expect(sent).not.toHaveProperty('reply_markup')
      const { text } = sent as { text: string }
      expect(text.endsWith(`…\n\nОткрыть задачу: ${url}`)).toBe(true)
      expect(text.replace(/<\/?b>/g, '')).toHaveLength(4096)
    },
  )
})

it('the title of a message to a chat is its link', () => {
  expect(chatMessage(message({ title: 'A', link }))).toMatchObject({
    attachments: [{ title: 'A', title_link: link.url }],
  })
})
