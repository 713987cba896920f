import { expect, it } from '@jest/globals'
import type { Delivery } from '../../../lib/channels/channel.ts'
import { withFloodControl } from '../../../lib/channels/flood.ts'
import type { Flood, RateKey } from '../../../lib/channels/rate-limit.ts'
import { message } from './message.ts'

const start = Date.parse('2026-11-28T10:00:00Z')
const flood: Delivery = {
  ...{ outcome: 'transient', reason: 'Telegram 429', retryAfterSeconds: 30 },
  isFlood: true,
}

function setUp(answer: Delivery, { hasOneSender = true, fails = false } = {}) {
  const clock = { ms: start }
  const pauses: [RateKey, number][] = []
  const answers: Delivery[] = []
  let latest: Flood | undefined
  const channel = withFloodControl(
    { deliver: async () => answers.at(-1) ?? answer },
    {
      channel: 'telegram',
      hasOneSender,
      now: () => new Date(clock.ms),
      async pauseUntil(key, until) {
        if (fails) throw new Error('the table is down')
        pauses.push([key, (until - start) / 1000])
      },
      async rememberFlood(_, chat, until) {
        const former = latest
        latest = { chat, until }
        return former
      },
    },
  )
  const to = (address: string, ...other: Delivery[]) => {
    answers.splice(0, answers.length, ...other)
    return channel.deliver(message({ tenant: 'acme', address }))
  }
  return { clock, pauses, to }
}

const ofBot = { tenant: 'acme', channel: 'telegram' }
const of = (chat: string) => ({ ...ofBot, chat })

it('a chat that takes no more messages for now pauses, and no other', async () => {
  const { clock, pauses, to } = setUp(flood)
  expect(await to('42')).toEqual(flood)
  clock.ms += 5_000
  await to('42')
  // The pause of the first chat is over.
  clock.ms += 30_000
  await to('-7')
  expect(pauses).toEqual([
    [of('42'), 30],
    [of('42'), 35],
    [of('-7'), 65],
  ])
})

it('the bot pauses once a second chat takes no more messages while the first one waits', async () => {
  const { clock, pauses, to } = setUp(flood)
  await to('42')
  clock.ms += 10_000
  await to('-7')
  expect(pauses.slice(1)).toEqual([
    [of('-7'), 40],
    [ofBot, 30],
  ])
})

it('the bot pauses no longer for a chat that is to wait for an hour', async () => {
  const { clock, pauses, to } = setUp(flood)
  await to('42')
  clock.ms += 10_000
  await to('-7', { ...flood, retryAfterSeconds: 3600 })
  expect(pauses.slice(1)).toEqual([
    [of('-7'), 3610],
    [ofBot, 30],
  ])
})

it('webhooks of one tenant pause each by itself', async () => {
  const { pauses, to } = setUp(flood, { hasOneSender: false })
  await to('https://a.example')
  await to('https://b.example')
  expect(pauses.map(([key]) => key.chat)).toEqual(['https://a.example', 'https://b.example'])
})

it.each<[string, Delivery]>([
  ['a failure that is no flood', { outcome: 'transient', reason: 'x', retryAfterSeconds: 30 }],
  ['a flood without a time', { outcome: 'transient', reason: 'x', isFlood: true }],
  ['a delivery', { outcome: 'sent' }],
])('%s pauses nothing', async (_, answer) => {
  const { pauses, to } = setUp(answer)
  expect(await to('42')).toEqual(answer)
  expect(pauses).toEqual([])
})

it('a pause has a limit, and one that can not be stored hides no outcome', async () => {
  const { pauses, to } = setUp({ ...flood, retryAfterSeconds: 90_000 })
  await to('42')
  expect(pauses).toEqual([[of('42'), 3600]])
  expect(await setUp(flood, { fails: true }).to('42')).toEqual(flood)
})
