import { expect, it } from '@jest/globals'
import { createPatience } from '../../../../lib/bridge/drain/patience.ts'

it('waits a moment for a queue that owes nothing, and longer for counted messages', () => {
  const { limit } = createPatience()
  expect([limit(false), limit(true)]).toEqual([200, 2_000])
})

it('learns from the slowest delivery', () => {
  const { limit, onWait } = createPatience()
  onWait(50)
  expect([limit(false), limit(true)]).toEqual([200, 2_000])
  onWait(1_000)
  onWait(10)
  expect([limit(false), limit(true)]).toEqual([2_000, 3_000])
  onWait(6_000)
  expect([limit(false), limit(true)]).toEqual([12_000, 15_000])
})

it('waits twice as long after each mistake, but for no more than 15 seconds', () => {
  const { limit, onMistake } = createPatience()
  onMistake()
  expect([limit(false), limit(true)]).toEqual([400, 4_000])
  onMistake()
  expect([limit(false), limit(true)]).toEqual([800, 8_000])
  for (let more = 0; more < 10; more += 1) onMistake()
  expect([limit(false), limit(true)]).toEqual([15_000, 15_000])
})
