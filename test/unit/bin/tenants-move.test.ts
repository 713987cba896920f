import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { carryTenant } from '../../../bin/commands/tenants-carry.ts'
import { move, remove } from '../../../bin/commands/tenants-edit.ts'
import { giveUpMove } from '../../../bin/commands/tenants-stay.ts'
import { eventTypes } from '../../../lib/events/catalogue.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenants-move-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a tenant moves to no cell that has no room for its rules, before the file is written', async () => {
  const tenants = join(folder, 'tenants.yml')
  const own = { partition: 'own', events: eventTypes }
  const inNorth = Array.from({ length: 5 }, (_, at) => [`n${at}`, { ...own, cell: 'north' }])
  const text = JSON.stringify({ tenants: { acme: own, ...Object.fromEntries(inNorth) } })
  writeFileSync(tenants, text)
  const moving = move({ tenants, tenant: 'acme', toCell: 'north', partitions: 16 })
  await expect(moving).rejects.toMatchObject({
    code: 'cell-too-large',
    message: expect.stringContaining('The cell north'),
  })
  expect(readFileSync(tenants, 'utf8')).toBe(text)
})

describe('a misspelt tenant', () => {
  const tenants = join(folder, 'two.yml')
  const options = { tenants, tenant: 'acne', partitions: 16, waitMinutes: 1 }
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
