import { describe, expect, it } from '@jest/globals'
import { crowd, events2 } from '../../../torture/plan/people.ts'
import { planRun } from '../../../torture/plan/plan.ts'
import { createRandom } from '../../../torture/plan/random.ts'

const options = { seed: 5, minutes: 5, rate: 3, faults: ['a', 'b', 'c'] }

/** Functions are left out. */
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('planRun', () => {
  it('plans the same load and the same faults for a seed, and others for another', () => {
    expect(asJson(planRun(options))).toEqual(asJson(planRun(options)))
    const other = planRun({ ...options, seed: 6 })
    expect(asJson(other.messages)).not.toEqual(asJson(planRun(options).messages))
    expect(other.faults).not.toEqual(planRun(options).faults)
  })

  it('plans the same load whatever the faults are', () => {
    const { messages } = planRun({ ...options, faults: ['c'] })
    expect(asJson(messages)).toEqual(asJson(planRun(options).messages))
  })

  it('has every fault once before any comes twice', () => {
    const names = planRun(options).faults.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(6)
    expect(names.slice(0, 3).sort()).toEqual(['a', 'b', 'c'])
    expect(names.slice(3, 6).sort()).toEqual(['a', 'b', 'c'])
  })

  it('has events that are published again, and events of two tenants with the same id', () => {
    const { messages } = planRun(options)
    const byMark = [...Map.groupBy(messages, ({ mark }) => mark).values()]
    const several = byMark.filter(({ length }) => length > 1)
    const tenantsOf = (some: typeof messages) => new Set(some.map(({ tenant }) => tenant)).size
    expect(several.some((some) => tenantsOf(some) === 1)).toBe(true)
    expect(several.some((some) => tenantsOf(some) > 1)).toBe(true)
  })

  it('has every kind of bad message, and every way of good ones, in some minutes', () => {
    const { messages } = planRun({ ...options, minutes: 30 })
    const reasons = messages.flatMap(({ expected }) =>
      expected.end === 'quarantined' ? [expected.reason] : [],
    )
    expect([...new Set(reasons)].sort()).toEqual([
      ...['broken-encoding', 'no-type', 'not-an-event', 'not-json', 'not-utf8', 'too-deep'],
      ...['type-mismatch', 'unknown-type'],
    ])
    expect(new Set(messages.map(({ expected }) => expected.end)).size).toBe(3)
    expect(new Set(messages.map(({ type }) => type)).size).toBe(6)
  })

  it('has a crowd now and then, and events 2.0 of the one tenant that speaks them', () => {
    const { messages } = planRun(options)
    const peopleOf = ({ expected }: (typeof messages)[number]) =>
      expected.end === 'handled' ? expected.people.length : 0
    expect(messages.filter((one) => peopleOf(one) === crowd.length)).toHaveLength(2)
    const second = messages.filter(({ exchange }) => exchange === events2.exchange)
    expect(new Set(second.map(({ tenant, type }) => `${tenant} ${type}`))).toEqual(
      new Set([`${events2.tenant} ${events2.type}`]),
    )
  })

  it('writes the mark into each body that can be read', () => {
    const { messages } = planRun({ ...options, minutes: 1 })
    const plain = messages.filter(
      ({ contentEncoding, exchange }) => contentEncoding === undefined && exchange === undefined,
    )
    for (const message of plain) expect(message.body().toString('latin1')).toContain(message.mark)
  })
})

describe('createRandom', () => {
  it('picks every element, and stays within its bounds', () => {
    const random = createRandom(1)
    const picked = Array.from({ length: 200 }, () => random.pick([1, 2, 3]))
    expect(new Set(picked)).toEqual(new Set([1, 2, 3]))
    const numbers = Array.from({ length: 200 }, () => random.int(4, 6))
    expect(new Set(numbers)).toEqual(new Set([4, 5, 6]))
    expect(random.shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4])
  })
})
