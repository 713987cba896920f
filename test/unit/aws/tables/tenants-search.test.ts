import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it, jest } from '@jest/globals'
import { eventKey, listedAt, personKey } from '../../../../lib/aws/tables/notification-keys.ts'
import { searchTenants } from '../../../../lib/aws/tables/tenants-search.ts'

const noon = Date.parse('2026-11-28T12:00:00.000Z')
const minutesAgo = (count: number) => new Date(noon - count * 60_000).toISOString()

interface Given {
  readonly tenant: string
  readonly username: string
  readonly task: string
  /** Minutes ago. */
  readonly age: number
}

/** A table that has one notification of an event for each, and counts what is read. */
function table(all: readonly Given[]) {
  const items = all.map(({ tenant, username, task, age }, at) => {
    const { event } = eventKey({ tenant, eventType: 'task.create', eventId: `e${at}` })
    const key = { event, entry: 'notification#1' }
    const createdAt = minutesAgo(age)
    return {
      ...{ ...key, createdAt, listedAt: listedAt(createdAt, key), tenant, username },
      ...{ personKey: personKey(tenant, username), state: 'SENT', eventType: 'task.create' },
      ...{ about: { task }, eventId: `e${at}` },
    }
  })
  const counts = { queries: 0, items: 0 }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  jest.spyOn(client, 'send').mockImplementation(async ({ input }) => {
    const { RequestItems, ...query } = Object(input)
    if (RequestItems !== undefined) {
      const keys: { event: string; entry: string }[] = RequestItems.table.Keys
      counts.items += keys.length
      const asked = new Set(keys.map(({ event, entry }) => `${event} ${entry}`))
      const found = items.filter(({ event, entry }) => asked.has(`${event} ${entry}`))
      return { Responses: { table: found } }
    }
    counts.queries += 1
    const {
      ':value': value,
      ':from': from = '',
      ':before': before = '9',
    } = Object(query.ExpressionAttributeValues)
    const { '#attribute': attribute } = query.ExpressionAttributeNames
    const found = items
      .filter((item) => Object(item)[attribute] === value)
      .filter((item) => item.listedAt >= from && item.listedAt <= before)
      .sort((one, other) => (one.listedAt < other.listedAt ? 1 : -1))
    const Items = found.slice(0, query.Limit)
    return { Items, ...(found.length > Items.length && { LastEvaluatedKey: {} }) }
  })
  return { table: { TableName: 'table', client }, counts }
}

const tenants = Array.from({ length: 40 }, (_, at) => `tenant-${at}`)
const flood = Array.from({ length: 3_000 }, (_, at) => {
  return { tenant: 'tenant-7', username: 'robot', task: `Synchronise ${at}`, age: at / 100 }
})
const ofAnna = {
  tenant: 'tenant-12',
  username: 'anna',
  task: 'The contract with Northwind',
  age: 50,
}
const page = { limit: 50 }
const from = minutesAgo(24 * 60)

describe('a search over all tenants', () => {
  it('finds by words, person and tenant, and says whose it is', async () => {
    const given = table([ofAnna, { ...ofAnna, tenant: 'tenant-13', task: 'Another' }])
    for (const words of [
      ['anna', 'NORTHWIND'],
      ['tenant-12', 'Anna'],
      ['northwind', 'contract'],
    ]) {
      const found = await searchTenants(given.table, tenants, { words, from }, page)
      expect(found).toMatchObject({ unfinished: [], notAsked: 0 })
      expect(found.notifications).toMatchObject([
        { tenant: 'tenant-12', about: { task: ofAnna.task } },
      ])
    }
  })

  it('has the latest of all first, and goes on where it ended', async () => {
    const all = tenants.flatMap((tenant, at) =>
      [0, 1, 2].map((nth) => ({ tenant, username: 'anna', task: 'T', age: nth * 100 + at })),
    )
    const given = table(all)
    const seen: string[] = []
    let before: string | undefined
    do {
      const found = await searchTenants(given.table, tenants, { from }, { ...page, before })
      seen.push(...found.notifications.map(({ createdAt }) => createdAt))
      before = found.before
    } while (before !== undefined)
    expect(seen).toHaveLength(all.length)
    expect(seen).toEqual(seen.toSorted().reverse())
  })

  it('is not hidden by a flood, of which it says how far it was read', async () => {
    const given = table([...flood, ofAnna])
    const words = ['contract']
    const found = await searchTenants(given.table, tenants, { words, from }, page)
    expect(found.notifications).toMatchObject([{ tenant: 'tenant-12' }])
    expect(found.unfinished).toEqual([{ tenant: 'tenant-7', before: expect.any(String) }])
    expect(given.counts.items).toBeLessThan(500)
    // One of each tenant, and one of the word in the tenant that has more.
    expect(given.counts.queries).toBe(tenants.length + 1)
  })

  it('finds a person of a tenant that floods by the index of persons', async () => {
    const given = table([...flood, { ...ofAnna, tenant: 'tenant-7' }])
    const words = ['anna', 'northwind']
    const found = await searchTenants(given.table, tenants, { words, from }, page)
    expect(found.notifications).toMatchObject([{ tenant: 'tenant-7', username: 'anna' }])
  })

  it('reads no more than its bounds, and says so', async () => {
    const names = Array.from({ length: 600 }, (_, at) => `t${at}`)
    const all = names.flatMap((tenant) =>
      [1, 2, 3, 4, 5].map((age) => ({ tenant, username: 'anna', task: 'T', age })),
    )
    const given = table(all)
    const found = await searchTenants(given.table, names, { words: ['nothing'], from }, page)
    expect(found).toMatchObject({ notifications: [], notAsked: 100, before: expect.any(String) })
    expect(given.counts).toEqual({ queries: 500, items: 4_000 })
  })

  it('names the words that nothing has, where it found nothing', async () => {
    const given = table([ofAnna])
    const search = (...words: string[]) =>
      searchTenants(given.table, tenants, { words, from }, page)
    expect(await search('anna', 'nortwind')).toMatchObject({
      ...{ notifications: [], unseen: ['nortwind'] },
    })
    expect(await search('anna', 'northwind')).not.toHaveProperty('unseen')
  })
})
