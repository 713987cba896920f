import { describe, expect, it } from '@jest/globals'
import { digestContent, digestOf, type Fits } from '../../../lib/notifications/digest.ts'
import type { QueuedNotification } from '../../../lib/notifications/notification.ts'
import { queued } from './in-memory.ts'

const now = new Date('2026-11-25T09:00:00.000Z')
const heldUntil = '2026-11-25T09:00:00.000Z'
const member = { ...queued, username: 'ivanov', heldUntil }
const english = (title: string, text = '', more: Partial<QueuedNotification> = {}) => ({
  ...{ ...queued, locale: 'en', title, text, ...more },
})
const digest = (
  contents: readonly QueuedNotification[],
  { count = contents.length, fits = () => true }: { count?: number; fits?: Fits } = {},
) => digestContent(digestOf(member, 0), { contents, count }, now, fits)

describe('the digest of a person’s place', () => {
  it('is one for each moment and number', () => {
    const { notificationId: id, ...rest } = digestOf(member, 0)
    expect(rest).toEqual({
      ...{ tenant: 'acme', eventType: 'notification.digest', username: 'ivanov' },
      ...{ channel: 'email', address: 'ivanov@acme.example' },
      eventId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    const { title, eventId, ...same } = { ...member, title: 'other', eventId: 'e9' }
    expect(digestOf({ ...same, eventId }, 0).notificationId).toBe(id)
    const others = [
      digestOf(member, 1),
      digestOf({ ...member, username: 'petrov' }, 0),
      digestOf({ ...member, channel: 'sms' }, 0),
      digestOf({ ...member, address: 'x' }, 0),
      digestOf({ ...member, tenant: 'x' }, 0),
      digestOf({ ...member, heldUntil: '2026-11-26T09:00:00.000Z' }, 0),
    ]
    expect(new Set([id, ...others.map((one) => one.notificationId)]).size).toBe(7)
  })

  it('is announced if its members are', () => {
    expect(digestOf({ ...member, announce: true }, 0)).toMatchObject({ announce: true })
    expect(digestOf(member, 0)).not.toHaveProperty('announce')
    const announced = { ...digestOf({ ...member, announce: true }, 0), subject: 't1' }
    const all = { contents: [english('a'), english('b')], count: 2 }
    const content = digestContent(announced, all, now, () => true)
    for (const field of ['username', 'subject', 'announce']) {
      expect(content).not.toHaveProperty(field)
    }
  })
})

describe('the content of a digest', () => {
  it('has its members one after another', () => {
    const content = digest([english('One', 'First\n'), english('Two'), english('Three', ' Third')])
    const { notificationId, eventId } = digestOf(member, 0)
    expect(content).toEqual({
      ...{ tenant: 'acme', eventType: 'notification.digest', notificationId, eventId },
      ...{ channel: 'email', address: 'ivanov@acme.example', locale: 'en', customData: {} },
      ...{ title: 'Notifications: 3', queuedAt: now.toISOString(), resend: 0 },
      text: 'One\nFirst\n\nTwo\n\nThree\nThird\n',
      html: expect.stringContaining('<title>Notifications: 3</title>'),
    })
    expect(content.html).toContain('You received this digest because you chose it')
    expect(content.html).not.toContain('more notification')
  })

  it('in Russian counts no others where there are none', () => {
    const { text, html } = digest([{ ...queued }, { ...queued, title: 'Два' }])
    expect(text).toBe('t\nx\n\nДва\nx\n')
    expect(html).not.toContain('и ещё')
  })

  it('of titles alone has no lines between them', () => {
    expect(digest([english('One'), english('Two')]).text).toBe('One\nTwo\n')
    const more = digest([english('One'), english('Two')], { count: 3 })
    expect(more.text).toBe('One\nTwo\nand 1 more notification\n')
    expect(more.html).toContain('and 1 more notification<')
  })

  it('of one member is the member’s own, sent as the digest', () => {
    const one = english('One', 'First', { html: '<p>', customData: { sum: 1 }, resend: 3 })
    const { notificationId } = digestOf(member, 0)
    expect(digest([one])).toMatchObject({
      ...{ title: 'One', html: '<p>', customData: { sum: 1 }, notificationId, resend: 0 },
      ...{ eventType: 'notification.digest', queuedAt: now.toISOString() },
    })
    // The other is lost.
    expect(digest([one], { count: 2 }).title).toBe('Notifications: 2')
  })

  it('whose members are all lost says how many there were', () => {
    for (const [count, words] of [
      [1, 'и ещё 1 уведомление'],
      [2, 'и ещё 2 уведомления'],
    ] as const) {
      const content = digest([], { count })
      expect(content).toMatchObject({ title: `Уведомления: ${count}`, text: `${words}\n` })
      expect(content).not.toHaveProperty('link')
      expect(content).not.toHaveProperty('mail')
    }
  })

  it('leads where its first member does, and comes from the same sender, if any', () => {
    const home = 'https://ecos.acme.example'
    const link = { url: `${home}/1`, label: 'Open the task', home }
    const linked = digest([english('One', '', { link }), english('Two')])
    expect(linked.link).toEqual({ url: home, label: 'Open ECOS', home })
    expect(linked).not.toHaveProperty('mail')
    expect(linked.html).toContain(`<a href="${home}/1"`)
    const mail = { why: 'x', thread: 't' }
    const sent = digest([english('One', '', { mail }), english('Two')])
    expect(sent.mail).toEqual({ why: expect.stringContaining('You received this digest') })
    expect(sent).not.toHaveProperty('link')
  })
})

describe('a digest that does not fit whole', () => {
  const upTo = (characters: number): Fits => {
    return (channel, { text }) => channel === 'email' && text.length <= characters
  }
  const long = english('One', 'x'.repeat(1000))

  it('has as much of each text as there is room for', () => {
    // Two titles, four line ends and an empty line.
    const { text } = digest([long, { ...long, title: 'Two' }], { fits: upTo(6 + 5 + 2 * 100) })
    const cut = `${'x'.repeat(99)}…`
    expect(text).toBe(`One\n${cut}\n\nTwo\n${cut}\n`)
  })

  it('has no texts of which less than twenty characters are left', () => {
    const two = [long, { ...long, title: 'Two' }]
    expect(digest(two, { fits: upTo(6 + 5 + 2 * 20) }).text).toContain(`${'x'.repeat(19)}…`)
    expect(digest(two, { fits: upTo(6 + 5 + 2 * 20 - 1) }).text).toBe('One\nTwo\n')
  })

  it('has as many titles as fit, which are cut, and counts the others', () => {
    const home = 'https://ecos.acme.example'
    const titles = ['1', '2', '3', '4'].map((of) => {
      const link = { url: `${home}/${of}`, label: 'Open', home }
      return english(`${of}${'x'.repeat(99)}`, 'text', { link })
    })
    const shown = (of: string) => `${of}${'x'.repeat(58)}…\n`
    const closing = 'and 2 more notifications\n'
    const { text, html } = digest(titles, { fits: upTo(2 * 61 + closing.length) })
    expect(text).toBe(`${shown('1')}${shown('2')}${closing}`)
    expect(html).toContain('and 2 more notifications')
    expect(html).not.toContain('3xx')
    expect(html).toContain(`<a href="${home}/2"`)
    expect(html).not.toContain(`${home}/3`)
    const unlinked = digest([long, { ...long, title: 'Two' }], { fits: upTo(20) })
    expect(unlinked.html).not.toContain('<a href')
  })

  it('has whole titles if they fit without texts', () => {
    const titles = ['1', '2'].map((of) => english(`${of}${'x'.repeat(99)}`, 'text'))
    expect(digest(titles, { fits: upTo(202) }).text).toHaveLength(202)
  })

  it('counts all where not even one title fits', () => {
    expect(digest([long, long], { fits: () => false }).text).toBe('and 2 more notifications\n')
  })

  it('keeps to the limit of a text, whatever the channel shows', () => {
    const many = Array.from({ length: 50 }, () => english('One', 'x'.repeat(1000)))
    const { text } = digest(many)
    expect(text.length).toBeLessThanOrEqual(20_000)
    expect(text.length).toBeGreaterThan(19_900)
  })
})
