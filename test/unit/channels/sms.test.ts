import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSmsChannel, smsParts } from '../../../lib/channels/sms.ts'
import { message } from './message.ts'

function channelOf(mostParts: number) {
  const sent: [string, string][] = []
  const channel = createSmsChannel(mostParts, async (number, text) => {
    sent.push([number, text])
    return { outcome: 'sent' }
  })
  return { channel, sent }
}

describe('an SMS', () => {
  it('is the title and the text', async () => {
    const { channel, sent } = channelOf(3)
    const delivery = await channel.deliver(message({ address: '+79991234567', title: 'Title' }))
    expect(delivery).toEqual({ outcome: 'sent' })
    expect(sent).toEqual([['+79991234567', 'Title\nЗадача: Согласование']])
  })

  it('is never of more parts than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 700 }),
        fc.integer({ min: 1, max: 5 }),
        async (text, mostParts) => {
          const { channel, sent } = channelOf(mostParts)
          await channel.deliver(message({ address: '+79991234567', text }))
          const [[, said]] = sent as [[string, string]]
          expect(smsParts(said)).toBeLessThanOrEqual(mostParts)
          expect(said.isWellFormed()).toBe(true)
        },
      ),
    )
  })

  it.each(['89991234567', '+0123456789', '+7999', '+1234567890123456', ''])(
    'is not sent to %j',
    async (address) => {
      const { channel, sent } = channelOf(3)
      expect(await channel.deliver(message({ address }))).toEqual({
        outcome: 'permanent',
        reason: expect.stringMatching(/^the address (has|is)/),
      })
      expect(sent).toEqual([])
    },
  )
})

describe('the parts of an SMS', () => {
  it.each([
    ['x'.repeat(160), 1],
    ['x'.repeat(161), 2],
    ['x'.repeat(306), 2],
    ['x'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['я'.repeat(70), 1],
    ['я'.repeat(71), 2],
    [`${'x'.repeat(70)}я`, 2],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
    ['', 1],
  ])('of %j are %i', (text, parts) => expect(smsParts(text)).toBe(parts))
})
