import { isObject } from '../parse.ts'

/** Fields and headers that could name a tenant. ECOS writes none of them. */
const tenantFields = ['tenant', 'tenantId', 'tenantid'] as const

/** Whether the fields name another tenant; a message's queue alone decides its tenant. */
export function nameOtherTenant(tenant: string, fields: unknown): boolean {
  if (!isObject(fields)) return false
  const named = tenantFields.map((field) => fields[field])
  return named.some((name) => typeof name === 'string' && name !== tenant)
}
