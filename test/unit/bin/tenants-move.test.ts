import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { carryTenant } from '../../../bin/commands/tenants-carry.ts'
import { add, move, remove } from '../../../bin/commands/tenants-edit.ts'
import { giveUpMove } from '../../../bin/commands/tenants-stay.ts'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { captured } from '../../support/captured.ts'

/** The settings of the cells. */
const deployed = {
  ...{ partitions: 16, reservedRules: 50, maximumConcurrency: 4, callsPerSecond: 400 },
}
const folder = mkdtempSync(join(tmpdir(), 'tenants-move-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a tenant moves to no cell that has no room for its rules, before the file is written', async () => {
  const tenants = join(folder, 'tenants.yml')
  const own = { partition: 'own', events: eventTypes }
  const inNorth = Array.from({ length: 5 }, (_, at) => [`n${at}`, { ...own, cell: 'north' }])
  const text = JSON.stringify({ tenants: { acme: own, ...Object.fromEntries(inNorth) } })
  writeFileSync(tenants, text)
  const moving = move({ tenants, tenant: 'acme', toCell: 'north', ...deployed })
  await expect(moving).rejects.toMatchObject({
    code: 'cell-too-large',
    message: expect.stringContaining('The cell north'),
  })
  expect(readFileSync(tenants, 'utf8')).toBe(text)
  // A cell that is deployed with fewer reserved rules has the room.
  await captured(() =>
    move({ tenants, tenant: 'acme', toCell: 'north', ...deployed, reservedRules: 45 }),
  )
  expect(readFileSync(tenants, 'utf8')).toContain('movingTo')
})

it('an edit says what of the cell gives out next, and what events cost', async () => {
  const tenants = join(folder, 'room.yml')
  writeFileSync(tenants, 'tenants: { acme: { events: [task.create] } }\n')
  const edits = [
    () => add({ tenants, tenant: 'beta', cell: 'main', ...deployed }),
    () => move({ tenants, tenant: 'beta', toPartition: 3, ...deployed }),
    () => remove({ tenants, tenant: 'beta', ...deployed, maximumConcurrency: 200 }),
  ]
  const said = []
  for (const edit of edits) said.push(await captured(edit))
  expect(said[0]).toMatch(/main {2}2 {8}188 of 300 {2}5 /)
  expect(said[0]).toContain('sender of a channel, at 20 events/s or 2 PutEvents calls/s')
  expect(said[2]).toContain('at 1000 events/s or 100 PutEvents calls/s; raise maximumConcurrency')
  for (const text of said) expect(text).toMatch(/A million events cost \$\d+\.\d\d in a busy cell/)
})

describe('a misspelt tenant', () => {
  const tenants = join(folder, 'two.yml')
  const options = { tenants, tenant: 'acne', ...deployed, waitMinutes: 1 }
  const buckets = { fromPayloadBucket: 'a', toPayloadBucket: 'b' }
  it.each([
    ['tenants move', () => move({ ...options, toPartition: 3 })],
    ['tenants remove', () => remove(options)],
    ['tenants carry', () => carryTenant({ ...options, ...buckets })],
    ['tenants stay', () => giveUpMove(options)],
  ])('of %s is told with the one that was meant', async (_, run) => {
    writeFileSync(tenants, JSON.stringify({ tenants: { acme: {}, beta: {} } }))
    await expect(run()).rejects.toMatchObject({
      code: 'unknown-tenant',
      message: expect.stringContaining('has no tenant acne (Did you mean acme?)'),
    })
  })
})

it.each([
  ['carry', carryTenant],
  ['stay', giveUpMove],
])('%s is refused while another command completes or gives up the move', async (_, command) => {
  const tenants = join(folder, 'moving.yml')
  writeFileSync(tenants, 'tenants: { acme: { movingTo: north } }\n')
  writeFileSync(`${tenants}.acme.lock`, `${process.pid} ${hostname()}\n`)
  const buckets = { fromPayloadBucket: 'from', toPayloadBucket: 'to', waitMinutes: 0 }
  await expect(command({ tenants, tenant: 'acme', ...buckets })).rejects.toMatchObject({
    code: 'tenants-locked',
    message: expect.stringContaining(`${tenants}.acme.lock`),
  })
})
