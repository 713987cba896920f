import { expect, it } from '@jest/globals'
import {
  tenantsOfCell,
  tenantsOnTheirWay,
  withoutAmazonMq,
} from '../../../lib/tenants/cell-tenants.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const fields = { events: [], locale: 'ru', cell: 'main' }
const broker = { name: 'cloud', amazonMq: 'arn', secret: 'arn', virtualHost: '/' }
const tenants: readonly Tenant[] = [
  { ...fields, id: 'stays' },
  { ...fields, id: 'comes', cell: 'north', movingTo: 'main' },
  { ...fields, id: 'goes', movingTo: 'north' },
  { ...fields, id: 'elsewhere', cell: 'north' },
  { ...fields, id: 'at-amazon-mq', broker },
]
const ids = (of: readonly Tenant[]) => of.map(({ id }) => id)

it('a cell takes the events of its tenants, but of none that is on its way', () => {
  expect(ids(tenantsOfCell(tenants, 'main'))).toEqual(['stays', 'at-amazon-mq'])
  expect(ids(tenantsOfCell(tenants, 'north'))).toEqual(['elsewhere'])
  expect(ids(tenantsOfCell(tenants, 'south'))).toEqual([])
})

it('a cell has the queues of those that are on their way from it', () => {
  expect(ids(tenantsOnTheirWay(tenants, 'main'))).toEqual(['goes'])
  expect(ids(tenantsOnTheirWay(tenants, 'north'))).toEqual(['comes'])
})

it('drains and workers serve no tenant at Amazon MQ', () => {
  expect(ids(withoutAmazonMq(tenants))).toEqual(['stays', 'comes', 'goes', 'elsewhere'])
})
