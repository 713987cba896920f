import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
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

  it('of English stays in its alphabet when it is cut', async () => {
    const { channel, sent } = channelOf(2)
    await channel.deliver(
      message({ address: '+79991234567', title: 'Task', text: 'x'.repeat(999) }),
    )
    expect(sent[0]?.[1]).toHaveLength(306)
    expect(sent[0]?.[1]).toMatch(/x\.\.\.$/)
  })

  it.each([
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    // 153 septets leave one free: 76 pairs to a part.
    ['€'.repeat(152), 2],
    ['€'.repeat(153), 3],
    ['😀'.repeat(35), 1],
    // 67 units leave one free: 33 pairs to a part.
    ['😀'.repeat(66), 2],
    ['😀'.repeat(67), 3],
    [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 3],
  ])('%j has %i parts', (text, parts) => expect(smsParts(text)).toBe(parts))

  it('has the parts that another library counts', () => {
    const characters = fc.oneof(
      fc.constantFrom(...'aZ09@£_ÇΔ\n^{}[~]|€'),
      fc.constantFrom(...'яЁ—“😀𝒳'),
    )
    const texts = fc.oneof(
      fc.string({ unit: characters, maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(...'ab€|^'), minLength: 150, maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(...'я😀'), minLength: 60, maxLength: 300 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(smsParts(text)).toBe(Math.max(1, new SegmentedMessage(text).segmentsCount))
      }),
      { numRuns: 300 },
    )
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
