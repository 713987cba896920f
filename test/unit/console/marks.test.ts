import { expect, it } from '@jest/globals'
import { marksOf } from '../../../console/server/marks.ts'
import type { AuditOfCell } from '../../../console/server/ports.ts'
import type { AuditRecord } from '../../../lib/operations/audit.ts'
import type { Deployment } from '../../../lib/operations/deployment.ts'
import type { TenantsChange } from '../../../lib/tenants/tenants-change.ts'

const range = { from: new Date('2026-11-28T10:00:00Z'), to: new Date('2026-11-28T11:00:00Z') }
const at = (time: string) => `2026-11-28T${time}.000Z`

const none = { count: 0, names: [] }
const change = (time: string): TenantsChange => ({
  at: at(time),
  added: { count: 1, names: ['acme'] },
  removed: none,
  changed: none,
})
const deployment: Deployment = { at: at('10:10:00'), until: at('10:11:00'), outcome: 'done' }

const record: AuditRecord = {
  id: `${at('10:40:00')}#00000000`,
  at: at('10:40:00'),
  action: 'letters.redrive',
  operator: { user: 'ops@host', identity: 'arn', via: 'command' },
  outcome: 'done',
  done: 40,
  queue: 'ecos-main-task-create-dlq',
}
const { id: _, ...redrive } = record

/** The record of what operators did; the ids are unique. */
const auditOf = (records: readonly AuditRecord[]) => async () =>
  ({ list: async () => ({ records }) }) as Partial<AuditOfCell> as AuditOfCell
const audit = auditOf([])

it('shows what was done in the range, of all sources, the latest first', async () => {
  const { marks, problems } = await marksOf('main', range, {
    audit: auditOf([record, { ...record, action: 'notification.test' }]),
    deployments: async () => [deployment],
    tenantsHistory: async () => [change('12:00:00'), change('10:30:00'), change('09:00:00')],
  })
  expect(marks).toEqual([
    { kind: 'repair', ...redrive },
    { kind: 'tenants', ...change('10:30:00') },
    { kind: 'deployment', ...deployment },
  ])
  expect(problems).toEqual([])
})

it('shows the other sources while one can not be read, and says which', async () => {
  const denied = Object.assign(new Error('not allowed'), { name: 'AccessDenied' })
  const { marks, problems } = await marksOf('main', range, {
    audit,
    deployments: () => Promise.reject(denied),
    tenantsHistory: async () => [change('10:30:00')],
  })
  expect(marks).toHaveLength(1)
  expect(problems).toEqual([{ part: 'deployments', kind: 'denied', text: 'not allowed' }])
})
