import { describe, expect, it } from '@jest/globals'
import { createApi } from '../../../console/server/api.ts'
import type { ConsolePorts, ConsoleRepairs } from '../../../console/server/ports.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'

const notification = 'a7'.repeat(32)
const record = { notificationId: notification, tenant: 'acme' } as NotificationRecord

function apiWith(allowRepair = true, tenants: ConsolePorts['tenants'] = async () => ['acme']) {
  const done: unknown[] = []
  const did = (what: string) => async (one: unknown) => void done.push([what, one])
  const repairs: Partial<ConsoleRepairs> = {
    find: async (tenant, id) => (tenant === 'acme' && id === notification ? record : undefined),
    resend: async (one) => {
      done.push(['resend', one])
      return 'queued'
    },
    cancel: did('cancel'),
    async sendTest(test) {
      done.push(['test', test])
      return { eventId: 'e2' } as Awaited<ReturnType<ConsoleRepairs['sendTest']>>
    },
    switchOff: did('off'),
    switchOn: () => Promise.reject(new EcosError('not-switched-off', 'of ivanov')),
  }
  const ports = {
    repairs: async () => repairs,
    tenants,
    audit: async () => ({ list: async (filter: object) => ({ records: [filter] }) }),
  } as unknown as ConsolePorts
  const { routes } = createApi({ ports, cells: ['main'], allowRepair })
  const post = async (order: object) => {
    const answer = await routes.request('/main/repair', {
      method: 'POST',
      body: JSON.stringify(order),
    })
    return [answer.status, await answer.json()]
  }
  return { done, post, get: async (path: string) => routes.request(`/main/${path}`) }
}

const place = { tenant: 'acme', person: 'Ivanov', channel: 'email', address: 'i@acme.example' }

describe('repairs of the console', () => {
  it.each([
    [{ action: 'resend', tenant: 'acme', notification }, { result: 'queued' }, ['resend', record]],
    [
      { action: 'cancel', tenant: 'acme', notification },
      { result: 'cancelled' },
      ['cancel', record],
    ],
    [
      { action: 'test', ...place, type: 'task.create' },
      { result: 'queued', eventId: 'e2' },
      ['test', { tenant: 'acme', username: 'ivanov', channel: 'email', eventType: 'task.assign' }],
    ],
    [
      { action: 'switch-off', ...place },
      { result: 'switched-off' },
      ['off', { tenant: 'acme', username: 'ivanov', channel: 'email', address: 'i@acme.example' }],
    ],
  ])('does what is asked: %j', async (order, answer, deed) => {
    const { post, done } = apiWith()
    expect(await post(order)).toEqual([200, answer])
    expect(done).toEqual([deed])
  })

  it('tells why it can not, with a code', async () => {
    const { post } = apiWith()
    expect(await post({ action: 'switch-on', ...place })).toEqual([
      502,
      expect.objectContaining({ code: 'not-switched-off' }),
    ])
    expect(await post({ action: 'cancel', tenant: 'globex', notification })).toEqual([
      502,
      expect.objectContaining({ code: 'no-such-notification' }),
    ])
  })

  it.each([
    { action: 'test', ...place },
    { action: 'switch-off', ...place },
    { action: 'switch-on', ...place },
  ])('does nothing for a tenant of another cell: $action', async (order) => {
    const { post, done } = apiWith()
    expect(await post({ ...order, tenant: 'globex' })).toEqual([
      400,
      expect.objectContaining({ code: 'no-such-tenant' }),
    ])
    expect(done).toEqual([])
  })

  it.each([
    ['are not known', async () => undefined],
    ['can not be read', () => Promise.reject(new Error('denied'))],
  ])('does what is asked where the tenants %s', async (_, tenants) => {
    const { post, done } = apiWith(true, tenants)
    expect((await post({ action: 'switch-off', ...place }))[0]).toBe(200)
    expect(done).toHaveLength(1)
  })

  it.each([
    ['no action', { tenant: 'acme', notification }],
    ['another action', { action: 'remove', tenant: 'acme', notification }],
    ['no tenant', { action: 'resend', notification }],
    ['an id that is none', { action: 'resend', tenant: 'acme', notification: '../x' }],
    ['an unknown channel', { action: 'switch-off', ...place, channel: 'fax' }],
    ['no address', { action: 'switch-off', ...place, address: '' }],
  ])('refuses %s', async (_, order) => {
    const { post, done } = apiWith()
    expect((await post(order))[0]).toBe(400)
    expect(done).toEqual([])
  })

  it('changes nothing without --allow-repair', async () => {
    const { post, done, get } = apiWith(false)
    expect(await post({ action: 'cancel', tenant: 'acme', notification })).toEqual([
      403,
      expect.objectContaining({ code: 'read-only' }),
    ])
    expect(done).toEqual([])
    expect((await get('audit')).status).toBe(200)
  })

  it('lists the record of a tenant from a place', async () => {
    const before = '2026-11-28T12:00:00.000Z#0011aabb'
    const { get } = apiWith()
    const asked = new URLSearchParams({ tenant: 'acme', before })
    const answer = await get(`audit?${asked}`)
    expect(await answer.json()).toEqual({ records: [{ tenant: 'acme', before, limit: 50 }] })
    expect((await get('audit?before=yesterday')).status).toBe(400)
  })
})
