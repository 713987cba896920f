import { expect, it } from '@jest/globals'
import { createResultsBus } from '../../../../lib/aws/bus/results-bus.ts'
import type { BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { EcosError } from '../../../../lib/errors.ts'
import type { Envelope } from '../../../../lib/events/envelope.ts'

const resultOf = (id: string) =>
  ({ id, type: 'notification.sent', tenantid: 'acme', data: {} }) as unknown as Envelope

function busOf(answer: (id: string) => EntryResult) {
  const calls: string[][] = []
  const put = async (entries: readonly BusEntry[]) => {
    const ids = entries.map(({ detail }) => JSON.parse(detail.toString()).id as string)
    calls.push(ids)
    if (ids.includes('rejected')) throw new EcosError('call-refused', 'Too large')
    return ids.map(answer)
  }
  return { calls, putOnBus: createResultsBus('bus', async () => ({ put })) }
}

it('puts the results of a batch with one call, and tells which one the bus did not accept', async () => {
  const { calls, putOnBus } = busOf((id) =>
    id === 'b' ? { status: 'failed', code: 'InternalFailure' } : { status: 'accepted' },
  )
  const ends = await Promise.allSettled(['a', 'b', 'c'].map((id) => putOnBus(resultOf(id))))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(ends[1]).toMatchObject({ reason: { code: 'result-not-announced', retryable: true } })
  expect(calls).toEqual([['a', 'b', 'c']])
})

it('a result whose content is refused takes no other with it', async () => {
  const { putOnBus } = busOf(() => ({ status: 'accepted' }))
  const ends = await Promise.allSettled(['a', 'rejected'].map((id) => putOnBus(resultOf(id))))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})
