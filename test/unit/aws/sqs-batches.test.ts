import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { batches } from '../../../lib/aws/sqs-batches.ts'

const sizes = fc.array(fc.integer({ min: 1, max: 600_000 }), { maxLength: 40 })

describe('batches for SendMessageBatch', () => {
  it('hold every message once, in order, within the limits of a call', () => {
    fc.assert(
      fc.property(sizes, (sizes) => {
        const messages = sizes.map((size) => ({ body: 'x'.repeat(size) }))
        const all = batches(messages)
        expect(all.flat()).toEqual(messages)
        for (const batch of all) {
          expect(batch.length).toBeGreaterThanOrEqual(1)
          expect(batch.length).toBeLessThanOrEqual(10)
          const bytes = batch.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0)
          expect(bytes).toBeLessThanOrEqual(1_048_576)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are counted in bytes, and no more than needed', () => {
    const cyrillic = { body: 'я'.repeat(300_000) }
    expect(batches([cyrillic, cyrillic]).map((batch) => batch.length)).toEqual([1, 1])
    const small = Array.from({ length: 25 }, () => ({ body: 'x' }))
    expect(batches(small).map((batch) => batch.length)).toEqual([10, 10, 5])
  })
})
