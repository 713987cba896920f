import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFrames } from '../../../lib/zookeeper/frames.ts'
import { createJuteReader, createJuteWriter } from '../../../lib/zookeeper/jute.ts'

describe('the frames of the wire', () => {
  it('are the same however the bytes are cut', () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 10 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map((one) => createJuteWriter().text(one).frame()))
        const take = createFrames()
        const frames: Buffer[] = []
        for (let at = 0; at < bytes.length; at += size) {
          frames.push(...take(bytes.subarray(at, at + size)))
        }
        expect(frames.map((frame) => createJuteReader(frame).text())).toEqual(sent)
      }),
    )
  })

  it.each([-1, 0x48545450])('have no length of %d', (length) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(length)
    expect(() => createFrames()(bytes)).toThrow(
      expect.objectContaining({ code: 'zookeeper-protocol' }),
    )
  })

  it('that are cut short are refused', () => {
    const reader = createJuteReader(createJuteWriter().int(5).frame().subarray(4))
    expect(() => reader.text()).toThrow(expect.objectContaining({ code: 'zookeeper-protocol' }))
  })
})
