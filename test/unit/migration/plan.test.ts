import { describe, expect, it } from '@jest/globals'
import { oldTopologyOf } from '../../../lib/migration/old-topology.ts'
import { planOf } from '../../../lib/migration/plan.ts'
import type { Survey } from '../../../lib/migration/survey.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const tenant: Tenant = { id: 'acme', events: ['task.create'], locale: 'ru', cell: 'main' }
const old = oldTopologyOf('acme', 'notification')
const idle = { messages: 3, consumers: 0 }
const found: Survey = {
  workQueue: idle,
  retryQueue: idle,
  retryExchange: true,
  newQueue: undefined,
  deadLetterQueue: undefined,
}
const codesOf = (of: Tenant, survey: Survey) =>
  planOf(of, old, survey).obstacles.map(({ code }) => code)

describe('plan', () => {
  it('has nothing in the way where old queues are there and nobody consumes them', () => {
    expect(codesOf(tenant, found)).toEqual([])
    expect(codesOf(tenant, { ...found, workQueue: undefined })).toEqual([])
  })

  it('names what is in the way', () => {
    const absent = { ...found, workQueue: undefined, retryQueue: undefined }
    expect(codesOf(tenant, absent)).toEqual(['nothing-to-migrate'])
    expect(codesOf({ ...tenant, events: [] }, found)).toEqual(['nothing-enabled'])
    const busy = { ...found, workQueue: { messages: 0, consumers: 2 } }
    expect(planOf(tenant, old, busy).obstacles).toEqual([
      expect.objectContaining({ code: 'queue-in-use', forceable: true }),
    ])
  })

  it('notes the types that nobody keeps, and a new queue that may be bound already', () => {
    const { notes } = planOf(tenant, old, { ...found, newQueue: idle, retryExchange: false })
    expect(notes).toEqual([
      expect.stringContaining('task.assign'),
      expect.stringContaining('tenant.acme.eventbridge exists already'),
      expect.stringContaining('retry exchange is gone'),
    ])
  })
})

describe('oldTopologyOf', () => {
  it('takes for a queue name only what can be an old work queue', () => {
    for (const name of [
      '',
      'eventbridge',
      'eventbridge.dead-letter',
      'a b',
      'notification._retry',
    ]) {
      expect(() => oldTopologyOf('acme', name)).toThrow(
        expect.objectContaining({ code: 'invalid-queue-name' }),
      )
    }
  })
})
