import type { Tenant } from './tenants-file.ts'

/** The tenants whose events a cell takes: of one that is moving no cell takes any. */
export function tenantsOfCell(tenants: readonly Tenant[], cell: string): Tenant[] {
  return tenants.filter((tenant) => tenant.cell === cell && tenant.movingTo === undefined)
}

/** The tenants that drains and workers serve: Lambda itself consumes the queues at Amazon MQ brokers. */
export function withoutAmazonMq(tenants: readonly Tenant[]): Tenant[] {
  return tenants.filter(({ broker }) => broker === undefined)
}

/** The tenants on their way from the cell to another: their queues are still its own. */
export function tenantsOnTheirWay(tenants: readonly Tenant[], cell: string): Tenant[] {
  return tenants.filter((tenant) => tenant.cell === cell && tenant.movingTo !== undefined)
}
