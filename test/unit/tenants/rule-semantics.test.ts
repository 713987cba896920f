import { describe, expect, it, jest } from '@jest/globals'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { sourceOf } from '../../../lib/events/source.ts'
import {
  ownPartition,
  partitionArn,
  partitionOf,
  partitionsOf,
} from '../../../lib/tenants/partition.ts'
import { planRules, replayPattern, ruleName } from '../../../lib/tenants/partition-rules.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'
import { eventRuler, matchesOf } from '../../support/event-ruler.ts'

jest.setTimeout(300_000)

/** Ids that are prefixes of one another, that look like partitions, and of several alphabets. */
const ids = [
  ...['a', 'aa', 'a.b', 'a-b', 'a-b.c', 'A', 'acme', 'acme-2', 'acme.', 'ecos', 'ecos.acme'],
  ...['p00', 'p01', 'default', 'own', ownPartition('a'), '0', '007', '*', 'acme*', 'Ёлка', 'a b'],
  ...['prefix', 'x'.repeat(200), `${'x'.repeat(199)}y`],
]
/** Each id without a partition of its own, and the same ids with theirs. */
const shared = ids.map((id, index) => tenant(id, index % 3 === 0 ? { partition: index % 4 } : {}))
const own = ids.map((id, index) => tenant(id, index % 2 === 0 ? { partition: 'own' } : {}))

function tenant(id: string, over: Partial<Tenant> = {}): Tenant {
  return { id, events: eventTypes, locale: 'en', cell: 'main', ...over }
}

/** An event as EventBridge matches it. */
function event(id: string, type: string, partition?: string, more: object = {}) {
  const resources = partition === undefined ? [] : [partitionArn(partition)]
  const fields = { version: '0', id: '1', account: '1', time: '2026-01-01T00:00:00Z', region: 'r' }
  const detail = { tenantid: 'p00', resources: [partitionArn('p00')] }
  return { ...fields, source: sourceOf(id), 'detail-type': type, resources, detail, ...more }
}

function rulesOf(tenants: readonly Tenant[], partitions: number) {
  return Object.fromEntries(
    planRules(tenants, partitions).map((rule) => [ruleName(rule), rule.pattern]),
  )
}

const describeWithRuler = eventRuler === undefined ? describe.skip : describe

describeWithRuler('every event of every tenant, by Event Ruler', () => {
  it.each([
    ['4 partitions', shared, 4],
    ['16 partitions', shared, 16],
    ['one partition', own, 1],
    ['16 partitions and some of their own', own, 16],
  ])('matches exactly one rule of its type with %s', async (_, tenants, partitions) => {
    const placed = tenants.map((one) =>
      typeof one.partition === 'number' ? { ...one, partition: one.partition % partitions } : one,
    )
    const sent = placed.flatMap((one) =>
      eventTypes.map((type) => ({ id: one.id, type, partition: partitionOf(one, partitions) })),
    )
    const events = sent.map(({ id, type, partition }) => event(id, type, partition))
    const expected = sent.map((one) => [ruleName(one)])
    expect(await matchesOf(rulesOf(placed, partitions), events)).toEqual(expected)
  })

  it.each([
    ['names no partition', [], undefined, 'default'],
    ['knows more partitions than the bus', [], 'p31', 'default'],
    ['knows a tenant’s own partition before the bus does', [], ownPartition('acme'), 'default'],
    ['does not know a tenant’s own partition yet', ['acme'], 'p13', 'p13'],
  ])('is not lost or doubled while the bridge %s', async (_, owners, partition, rule) => {
    const tenants = owners.map((id) => tenant(id, { partition: 'own' }))
    const [matches] = await matchesOf(rulesOf(tenants, 16), [
      event('acme', 'task.create', partition),
    ])
    expect(matches).toEqual([`task.create.${rule}`])
  })

  it('is not lost during the deployment of a tenant’s own rules, even if EventBridge uses them late', async () => {
    const [before, after] = [[tenant('acme')], [tenant('acme', { partition: 'own' })]]
    const newRules = rulesOf(after, 16)
    const isOwn = (name: string) => name.endsWith(`.${ownPartition('acme')}`)
    const late = Object.fromEntries(Object.entries(newRules).filter(([name]) => !isOwn(name)))
    const stages = [rulesOf(before, 16), { ...rulesOf(before, 16), ...newRules }, late, newRules]
    const home = partitionOf({ id: 'acme' }, 16)
    const [shared, own] = [home, ownPartition('acme')].map((name) =>
      event('acme', 'task.create', name),
    )
    for (const rules of stages) {
      expect(await matchesOf(rules, [shared ?? {}])).toEqual([[`task.create.${home}`]])
    }
    // Why "tenants apply" refuses to name the partition before the deployment.
    expect(await matchesOf(late, [own ?? {}])).toEqual([[]])
  })

  it('matches no rule if it is not of a tenant, or of a type that the tenant has not turned on', async () => {
    const probe = { ...event('acme', 'task.create', 'p00'), source: 'ecos-eventbridge' }
    const result = event('acme', 'notification.sent', 'p00')
    const off = event(
      'acme',
      'task.create',
      partitionsOf([tenant('acme', { events: [] })], 16)('acme', 'task.create'),
    )
    expect(await matchesOf(rulesOf(shared, 16), [probe, result, off])).toEqual([[], [], []])
  })

  it('matches the rule of a replay if it is the tenant’s, and replayed by it', async () => {
    const rules = { replay: replayPattern('acme', 'task.create', 'again-1') }
    const replayed = (id: string, name: string) =>
      event(id, 'task.create', 'p00', { 'replay-name': name })
    const events = [
      replayed('acme', 'again-1'),
      replayed('acme', 'again-2'),
      replayed('acme-2', 'again-1'),
      event('acme', 'task.create', 'p00'),
    ]
    expect(await matchesOf(rules, events)).toEqual([['replay'], [], [], []])
  })
})
