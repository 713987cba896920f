import { expect, it } from '@jest/globals'
import { listLetters } from '../../../console/server/letters.ts'
import type { LetterBox } from '../../../lib/operations/letter-box.ts'

/** A box with letters of such lengths. */
function boxOf(lengths: readonly number[]): LetterBox {
  const letters = lengths.map((length, index) => ({
    ...{ queue: 'box', kind: 'event', messageId: `${index}`, sentAt: new Date(0), reason: 'test' },
    ...{ body: 'x'.repeat(length), release: async () => undefined },
  }))
  const box = {
    name: 'box',
    depth: async () => letters.length,
    async *take() {
      yield* letters
    },
  }
  return box as unknown as LetterBox
}

const listed = async (lengths: readonly number[]) =>
  (await listLetters({ boxes: [boxOf(lengths)], reasonOf: async () => undefined, problems: [] }))
    .letters

it('a long letter is cut, and says so', async () => {
  const [whole, cut] = await listed([20_000, 20_001])
  expect(whole).not.toHaveProperty('isCut')
  expect(cut).toMatchObject({ isCut: true, body: 'x'.repeat(20_000) })
})

it('thousands of letters are not more than a page can take', async () => {
  const letters = await listed(Array.from({ length: 10_000 }, () => 6_000))
  const characters = letters.reduce((sum, { body }) => sum + body.length, 0)
  expect(characters).toBe(50_000_000)
  expect(letters.every(({ isCut }) => isCut)).toBe(true)
})
