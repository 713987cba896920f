import { expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { type Audit, type AuditRecord, audited, auditPlace } from '../../../lib/operations/audit.ts'

const operator = {
  user: 'ann@desk',
  identity: 'arn:aws:sts::1:assumed-role/ops/ann',
  via: 'console',
} as const

function recording(failAt = 0) {
  const puts: AuditRecord[] = []
  const logged: object[] = []
  const audit: Audit = {
    book: {
      async put(record) {
        if (puts.length + 1 === failAt) throw new Error('no table')
        puts.push(record)
      },
    },
    who: async () => operator,
    log: (record) => void logged.push(record),
  }
  return { audit, puts, logged }
}

const deed = { action: 'notification.cancel', tenant: 'acme', username: 'ivanov' } as const

it('says who did what, before it is done and when it ended, under one id', async () => {
  const { audit, puts, logged } = recording()
  const result = await audited(
    audit,
    deed,
    async () => puts.length,
    (done) => ({ done }),
  )
  expect(result).toBe(1)
  const [begun, ended] = puts
  expect(begun).toMatchObject({ ...deed, operator, outcome: 'begun' })
  expect(ended).toEqual({ ...begun, outcome: 'done', done: 1 })
  expect(begun?.id).toMatch(auditPlace)
  expect(begun?.id.startsWith(String(begun.at))).toBe(true)
  // The log has no name of a person but the operator's.
  expect(logged).toEqual([expect.objectContaining({ tenant: 'acme', outcome: 'done', operator })])
  expect(JSON.stringify(logged)).not.toContain('ivanov')
})

it('does nothing that can not be put on record', async () => {
  const { audit, logged } = recording(1)
  let isDone = false
  const work = async () => {
    isDone = true
  }
  await expect(audited(audit, deed, work)).rejects.toThrow('no table')
  expect([isDone, logged]).toEqual([false, []])
})

it('passes a failure on, and its code is on record', async () => {
  const { audit, puts } = recording()
  const fails = () => Promise.reject(new EcosError('not-cancellable', 'too late for ivanov'))
  await expect(audited(audit, deed, fails)).rejects.toMatchObject({ code: 'not-cancellable' })
  expect(puts.at(-1)).toMatchObject({ outcome: 'failed', result: 'not-cancellable' })
  expect(JSON.stringify(puts)).not.toContain('too late')
})

it('what was done is done, also if its end can not be recorded', async () => {
  const { audit, puts, logged } = recording(2)
  expect(await audited(audit, deed, async () => 'sent')).toBe('sent')
  expect(puts.map(({ outcome }) => outcome)).toEqual(['begun'])
  expect(logged).toEqual([expect.objectContaining({ outcome: 'done' })])
})
