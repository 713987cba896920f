import { describe, expect, it } from '@jest/globals'
import type { Delivery } from '../../../lib/channels/channel.ts'
import { afterDelivery, type Progress } from '../../../lib/notifications/after-delivery.ts'
import { retry } from './in-memory.ts'

const first: Progress = { tries: 1, unknowns: 0, isLast: false, secondsLeft: 3_000 }
const reason = 'the provider says so'
const [sent, gone, permanent, unknown, transient] = [
  { outcome: 'sent' },
  { outcome: 'gone', reason },
  { outcome: 'permanent', reason },
  { outcome: 'unknown', reason },
  { outcome: 'transient', reason },
] as const satisfies readonly Delivery[]

const sequelOf = (delivery: Delivery, at: Partial<Progress> = {}) =>
  afterDelivery(delivery, { ...first, ...at }, retry)

describe('after a delivery', () => {
  it.each([
    ['was accepted', sent, {}, { state: 'SENT', next: 'done' }],
    ['was accepted at last', sent, { isLast: true, unknowns: 2 }, { state: 'SENT', next: 'done' }],
    ['was refused', permanent, {}, { state: 'ERROR', reason, next: 'done' }],
    ['was refused, the address is gone', gone, {}, { state: 'ERROR', reason, next: 'done' }],
    [
      'was refused after one that may have arrived',
      permanent,
      { unknowns: 1 },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
    [
      'found the address gone after one that may have arrived',
      gone,
      { unknowns: 1 },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
    [
      'failed for the last time',
      transient,
      { isLast: true },
      { state: 'ERROR', reason, next: 'dead-letter' },
    ],
    [
      'failed for the last time after one that may have arrived',
      transient,
      { isLast: true, unknowns: 1 },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
    [
      'may have arrived',
      unknown,
      {},
      { state: 'UNCERTAIN', reason, next: { again: retry.uncertainWaitSeconds } },
    ],
    [
      'may have arrived, and no further one is allowed',
      unknown,
      { isLast: true },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
    [
      'may have arrived once more, as often as the channel repeats it',
      unknown,
      { unknowns: retry.uncertainRepeats - 1 },
      { state: 'UNCERTAIN', reason, next: { again: retry.uncertainWaitSeconds } },
    ],
    [
      'may have arrived more often than the channel repeats it',
      unknown,
      { unknowns: retry.uncertainRepeats },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
    [
      'may have arrived, and its time would be over before the repetition',
      unknown,
      { secondsLeft: retry.uncertainWaitSeconds },
      { state: 'UNCERTAIN', reason, next: 'done' },
    ],
  ] as const)('that %s, it is known how to go on', (_, delivery, at, sequel) => {
    expect(sequelOf(delivery, at)).toEqual(sequel)
  })

  it('that failed, another follows in time, later after each failure', () => {
    expect(sequelOf(transient)).toEqual({ state: 'WAIT_FOR_DISPATCH', reason, next: { again: 5 } })
    expect(sequelOf(transient, { tries: 3 }).next).toEqual({ again: 80 })
    expect(sequelOf(transient, { tries: 9 }).next).toEqual({ again: 3_000 })
    expect(sequelOf(transient, { unknowns: 1 })).toMatchObject({ state: 'UNCERTAIN' })
  })

  it('that failed, the provider may ask for a longer wait, never for a shorter one', () => {
    const asked = (retryAfterSeconds: number) => sequelOf({ ...transient, retryAfterSeconds }).next
    expect([asked(1), asked(60), asked(9_000)]).toEqual([
      { again: 5 },
      { again: 60 },
      { again: 3_000 },
    ])
  })

  it('that failed at the end of its time, another one finds that it is over', () => {
    for (const secondsLeft of [0.5, 0, -10]) {
      expect(sequelOf(transient, { secondsLeft }).next).toEqual({ again: 1 })
    }
  })
})
