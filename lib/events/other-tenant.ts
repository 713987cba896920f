import { isObject } from '../parse.ts'

/** Fields and headers that could name a tenant. ECOS writes none of them. */
export const tenantFields = ['tenant', 'tenantId', 'tenantid'] as const

/** Whether the fields name another tenant; a message's queue alone decides its tenant. */
export function nameOtherTenant(tenant: string, fields: unknown): boolean {
  if (!isObject(fields)) return false
  return tenantFields.some((field) => {
    const named = fields[field]
    return typeof named === 'string' && named !== tenant
  })
}
