import { expect, it } from '@jest/globals'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import { followTenants } from '../../../../lib/bridge/worker/follow-tenants.ts'
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
  const serve = async ({ tenant, bind }: Topology, isLeaving: boolean, end: AbortSignal) => {
    const name = `${isLeaving ? 'leaving ' : ''}${tenant}[${bind}]`
    told.push(`+${name}`)
    await whenAborted(end)
    // A service takes its time to end.
    await new Promise((resolve) => setTimeout(resolve, 20))
    told.push(`-${name}`)
  }
  const done = followTenants(() => state.now, over.signal, serve)
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
