import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { boundsOf, defaultCapacity, eventDollars } from '../../../lib/tenants/cost/capacity.ts'

describe('what a cell has room for', () => {
  it('begins with the settings of serverless.yml', () => {
    const { params } = parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' })
    expect(params.default).toMatchObject(defaultCapacity)
  })

  it('names what gives out first, and what to raise', () => {
    expect(boundsOf(defaultCapacity).slice(0, 2)).toEqual([
      {
        part: 'sender of a channel',
        eventsPerSecond: 20,
        callsPerSecond: 2,
        raise: 'maximumConcurrency',
      },
      {
        part: 'handler of a type',
        eventsPerSecond: 40,
        callsPerSecond: 4,
        raise: 'maximumConcurrency',
      },
    ])
    const raised = boundsOf({ maximumConcurrency: 1000, maxPutEventsPerSecond: 100 })
    expect(raised[0]).toMatchObject({ part: 'PutEvents calls', eventsPerSecond: 1000 })
  })

  it('costs what docs/cost.md says', () => {
    const docs = readFileSync('docs/cost.md', 'utf8')
    const sums = docs.match(/\| \*\*together\*\*.*\*\*([\d.]+)\*\*.*\*\*([\d.]+)\*\*/)
    expect(sums?.slice(1)).toEqual([
      eventDollars('alone').toFixed(2),
      eventDollars('inTens').toFixed(2),
    ])
  })
})
