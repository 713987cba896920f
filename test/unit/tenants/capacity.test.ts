import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { boundsOf, defaultCapacity, eventDollars } from '../../../lib/tenants/cost/capacity.ts'
import { counts } from '../../../lib/tenants/cost/counts.ts'

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

  it('has a table of notifications whose quota the turns in the table of rates do not use', () => {
    const [table] = boundsOf(defaultCapacity).filter(({ part }) => part === 'notifications table')
    expect(table?.eventsPerSecond).toBe(Math.floor(40_000 / 17))
  })

  it('needs for an event what docs/scale.md says', () => {
    const docs = readFileSync('docs/scale.md', 'utf8')
    const of = (unit: string) => {
      const units = counts.filter((count) => count.unit === unit)
      return units.reduce((sum, { inTens }) => sum + inTens, 0).toFixed(1)
    }
    expect(docs).toContain(
      `${of('dynamodb-write')} writes and ${of('dynamodb-read')} reads in DynamoDB`,
    )
    const dollars = [...docs.matchAll(/\$(\d+\.\d\d) a million/g)].map(([, sum]) => sum)
    expect(dollars).toEqual([eventDollars('inTens').toFixed(2)])
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
