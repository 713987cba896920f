import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Hono } from 'hono'
import { access } from '../../console/server/access.ts'
import { createApi } from '../../console/server/api.ts'
import type { ConsolePorts } from '../../console/server/ports.ts'
import { target } from '../target.ts'

const asked: unknown[] = []
const ports = {
  enabledTypes: async () => [],
  stories: async () => [],
  withLetters: async (_: string, work: (letters: unknown) => unknown) =>
    work({ boxes: [], reasonOf: async () => undefined, problems: [] }),
  async notifications(_: string, tenant: string) {
    asked.push(tenant)
    return []
  },
  async subscriptions(_: string, tenant: string) {
    asked.push(tenant)
    return []
  },
} as unknown as ConsolePorts

const origin = 'http://127.0.0.1:8484'
function appWith(allowRepair: boolean) {
  return new Hono()
    .use(access({ token: 'right', origin: () => origin }))
    .route('/api', createApi({ ports, cells: ['main'], allowRepair }).routes)
}
const apps = { repairing: appWith(true), reading: appWith(false) }

const segment = fc.oneof(
  fc.constantFrom(
    'main',
    'cells',
    'story',
    'letters',
    'redrive',
    'notifications',
    'subscriptions',
    '..',
    '%2e%2e',
    'other',
    '',
  ),
  fc.string({ maxLength: 6 }).map(encodeURIComponent),
)
const input = fc.record({
  path: fc.array(segment, { maxLength: 4 }),
  query: fc.dictionary(
    fc.constantFrom('id', 'tenant', 'state', 'username', 'token', '__proto__'),
    fc.oneof(fc.constantFrom('right', 'wrong', 'ERROR', 'SENT', ''), fc.string({ maxLength: 8 })),
    { maxKeys: 3 },
  ),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  cookie: fc.constantFrom('right', 'wrong', undefined),
  from: fc.constantFrom(origin, 'https://evil.example', undefined),
  host: fc.constantFrom('127.0.0.1:8484', 'evil.example'),
  body: fc.oneof(
    fc.json(),
    fc.constantFrom('', '{"letters":[]}', '{"letters":[{"queue":"q","messageId":"m"}]}'),
    fc.string({ maxLength: 20 }),
  ),
  allowRepair: fc.boolean(),
})

/** Nothing is had without the token, from another page or host; and no request makes the console fail. */
export const consoleApi = target('console', input, async (given) => {
  const { path, query, method, cookie, from, host, body, allowRepair } = given
  asked.length = 0
  const app = allowRepair ? apps.repairing : apps.reading
  const response = await app.request(`/api/${path.join('/')}?${new URLSearchParams(query)}`, {
    method,
    headers: {
      host,
      ...(cookie !== undefined && { cookie: `ecos-console-8484=${cookie}` }),
      ...(from !== undefined && { origin: from }),
    },
    ...(method !== 'GET' && { body }),
  })
  await response.text()
  const { status } = response
  if (path[1] !== 'live')
    assert.ok([200, 302, 400, 401, 403, 404, 409].includes(status), `status ${status}`)
  if (status === 200) {
    assert.deepEqual([cookie, host], ['right', '127.0.0.1:8484'])
    if (method !== 'GET') assert.equal(from, origin)
    if (method === 'POST') assert.ok(allowRepair)
    assert.ok(method === 'GET' || method === 'POST')
  }
  for (const tenant of asked) assert.equal(tenant, query['tenant'])
})
