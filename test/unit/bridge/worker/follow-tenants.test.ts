import { expect, it } from '@jest/globals'
import { followQueues, type Service } from '../../../../lib/bridge/worker/follow-tenants.ts'
import type { CellTenants } from '../../../../lib/tenants/published.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { whenAborted } from '../../../../lib/waiting.ts'

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
    async change(now: CellTenants, lines: number): Promise<void> {
      state.now = now
      while (told.length < lines) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async stop() {
      over.abort()
      await done
    },
  }
}

it('serves queues as their tenants come, change and go: one service at a time, the others untouched', async () => {
  const { told, change, stop } = start(tenantsOf('{ a: { events: [task.create] }, b: }'))
  await change(tenantsOf('{ a: { events: [task.create] }, b: , c: }'), 3)
  expect(told.splice(0)).toEqual(['+a[task.create]', '+b[]', '+c[]'])
  await change(tenantsOf('{ a: { events: [task.assign] }, b: { locale: en }, c: }'), 2)
  expect(told.splice(0)).toEqual(['-a[task.create]', '+a[task.assign]'])
  await change(tenantsOf('{ b: , c: }', '{ a: }'), 2)
  expect(told.splice(0)).toEqual(['-a[task.assign]', '+leaving a[]'])
  await change(tenantsOf('{ b: , c: , a: }'), 2)
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
  await change(pooled(tenantsOf('{ a: , b: , c: }')), 3)
  expect(told.splice(0)).toEqual(['+a[] b[]', '-a[] b[]', '+a[] b[] c[]'])
  await change(pooled(tenantsOf('{ b: , c: }', '{ a: }')), 2)
  expect(told.splice(0)).toEqual(['-a[] b[] c[]', '+leaving a[] b[] c[]'])
  await stop()
})
