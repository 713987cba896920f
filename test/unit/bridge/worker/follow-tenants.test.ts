import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import type { Service } from '../../../../lib/bridge/worker/follow-tenants.ts'
import type { CellTenants } from '../../../../lib/tenants/published.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { fixedTenants, followed, followPartitions, followQueues, queuesNow } = await import(
  '../../../../lib/bridge/worker/follow-tenants.ts'
)
const { whenAborted } = await import('../../../../lib/waiting.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const tenantsOf = (text: string, leaving = '{}'): CellTenants => ({
  tenants: parseTenants(`tenants: ${text}`, 'tenants.yml'),
  leaving: parseTenants(`tenants: ${leaving}`, 'tenants.yml'),
})

/** Follows tenants that the test changes, and tells what was begun and ended. */
function start(first: CellTenants) {
  const state = { now: first }
  const over = new AbortController()
  const told: string[] = []
  const serve = async ({ queue, isLeaving }: Service, end: AbortSignal) => {
    const name = queue.topologies
      .map((each) => `${isLeaving(each) ? 'leaving ' : ''}${each.tenant}[${each.bind}]`)
      .join(' ')
    told.push(`+${name}`)
    await whenAborted(end)
    // A service takes its time to end.
    await new Promise((resolve) => setTimeout(resolve, 20))
    told.push(`-${name}`)
  }
  const done = followQueues(() => state.now, over.signal, serve)
  return {
    told,
    async change(now: CellTenants): Promise<void> {
      state.now = now
      // The next look, and the end of the services that it ends.
      await jest.advanceTimersByTimeAsync(1_020)
    },
    async stop() {
      over.abort()
      await jest.advanceTimersByTimeAsync(20)
      await done
    },
  }
}

it('serves queues as their tenants come, change and go: one service at a time, the others untouched', async () => {
  const { told, change, stop } = start(tenantsOf('{ a: { events: [task.create] }, b: }'))
  await change(tenantsOf('{ a: { events: [task.create] }, b: , c: }'))
  expect(told.splice(0)).toEqual(['+a[task.create]', '+b[]', '+c[]'])
  await change(tenantsOf('{ a: { events: [task.assign] }, b: { locale: en }, c: }'))
  expect(told.splice(0)).toEqual(['-a[task.create]', '+a[task.assign]'])
  await change(tenantsOf('{ b: , c: }', '{ a: }'))
  expect(told.splice(0)).toEqual(['-a[task.assign]', '+leaving a[]'])
  await change(tenantsOf('{ b: , c: , a: }'))
  expect(told.splice(0)).toEqual(['-leaving a[]', '+a[]'])
  await stop()
  expect(told.sort()).toEqual(['-a[]', '-b[]', '-c[]'])
})

it('serves a pool as its tenants come and go', async () => {
  const pooled = ({ tenants, leaving }: CellTenants): CellTenants => ({
    tenants: tenants.map((tenant) => ({ ...tenant, pool: 'p00' })),
    leaving: leaving.map((tenant) => ({ ...tenant, pool: 'p00' })),
  })
  const { told, change, stop } = start(pooled(tenantsOf('{ a: , b: }')))
  await change(pooled(tenantsOf('{ a: , b: , c: }')))
  expect(told.splice(0)).toEqual(['+a[] b[]', '-a[] b[]', '+a[] b[] c[]'])
  await change(pooled(tenantsOf('{ b: , c: }', '{ a: }')))
  expect(told.splice(0)).toEqual(['-a[] b[] c[]', '+leaving a[] b[] c[]'])
  await stop()
})

it('leaves a service alone while the tenants are the same, and ends each where its tenants are gone', async () => {
  const tenants = tenantsOf('{ a: , b: }')
  const { told, change, stop } = start(tenants)
  await change(tenants)
  await change({ ...tenants })
  expect(told.splice(0)).toEqual(['+a[]', '+b[]'])
  await change(tenantsOf('{ b: }'))
  expect(told.splice(0)).toEqual(['-a[]'])
  await stop()
  expect(told).toEqual(['-b[]'])
})

it('looks at the tenants once a second', async () => {
  const { told, change, stop } = start(tenantsOf('{ a: }'))
  await jest.advanceTimersByTimeAsync(0)
  expect(told).toEqual(['+a[]'])
  await jest.advanceTimersByTimeAsync(970)
  const changed = change(tenantsOf('{ a: , b: }'))
  expect(told).toEqual(['+a[]'])
  await changed
  expect(told).toEqual(['+a[]', '+b[]'])
  await stop()
})

it('a tenant that is there again is not leaving, and its queue is as it is now', () => {
  const { tenants, leaving } = tenantsOf('{ a: { events: [task.create] } }', '{ a: , gone: }')
  const queues = queuesNow({ tenants, leaving })
  const bound = queues.map(({ name, topologies }) => [name, topologies.map(({ bind }) => bind)])
  expect(bound).toEqual([
    ['tenant.a.eventbridge', [['task.create']]],
    ['tenant.gone.eventbridge', [[]]],
  ])
})

it('a message of a tenant that moved away is still its own, in the pool that it came from', () => {
  const inPool = (text: string) =>
    tenantsOf(text).tenants.map((tenant) => ({ ...tenant, pool: 'p00' }))
  const attributed = (moved?: CellTenants['moved']) => {
    const now = { tenants: inPool('{ a: }'), leaving: [], ...(moved && { moved }) }
    const [pool] = queuesNow(now)
    return pool?.attribute({ exchange: 'tenant.b.events', routingKey: 'task.create' }).tenant
  }
  expect([attributed(inPool('{ b: }')), attributed()]).toEqual(['b', '-'])
})

it('what follows from the tenants is made anew only when they have changed', () => {
  let now = tenantsOf('{ a: }')
  let made = 0
  const count = followed(
    () => now,
    ({ tenants }) => {
      made += 1
      return tenants.length
    },
  )
  expect([count(), count(), made]).toEqual([1, 1, 1])
  now = tenantsOf('{ a: , b: }')
  expect([count(), count(), made]).toEqual([2, 2, 2])
})

it('tenants that neither come nor go are the same at each look', () => {
  const { tenants } = tenantsOf('{ a: , b: }')
  const fixed = fixedTenants(tenants)
  expect(fixed()).toEqual({ tenants, leaving: [] })
  expect(fixed()).toBe(fixed())
})

it('a partition is found for tenants that are there, leave or have moved', () => {
  const { tenants, leaving } = tenantsOf(
    '{ a: { partition: 3, events: [task.create] } }',
    '{ b: { partition: 4, events: [task.create] } }',
  )
  const moved = tenantsOf('{ c: { partition: 5, events: [task.create] } }').tenants
  const partitionOf = (now: CellTenants) => {
    const find = followPartitions(() => now, 16)
    return ['a', 'b', 'c'].map((tenant) => find(tenant, 'task.create'))
  }
  expect(partitionOf({ tenants, leaving, moved })).toEqual(['p03', 'p04', 'p05'])
  // The SHA-256 of `c` begins with 2e7d2c03.
  expect(partitionOf({ tenants, leaving })).toEqual(['p03', 'p04', 'p03'])
})
