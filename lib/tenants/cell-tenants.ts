import type { Tenant } from './tenants-file.ts'

/** The tenants of a cell. */
export function tenantsOfCell(tenants: readonly Tenant[], cell: string): Tenant[] {
  return tenants.filter((tenant) => tenant.cell === cell)
}

/** The tenants that drains and workers serve: Lambda itself consumes the queues at Amazon MQ brokers. */
export function withoutAmazonMq(tenants: readonly Tenant[]): Tenant[] {
  return tenants.filter(({ broker }) => broker === undefined)
}
