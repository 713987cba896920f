import { EcosError } from '../errors.ts'
import { tenantName } from '../tenant-name.ts'
import { secretText } from './secrets.ts'

/** Milliseconds for which a tenant's missing secret is remembered; asking for it costs as much as reading one. */
const maxAbsenceAge = 300_000

/** Characters of a tenant's part of a secret's name, which has 512 (CreateSecret). */
const maxNameLength = 400

/** A channel's secret for a tenant: the tenant's own if it exists, else the cell's. */
export type ChannelSecret = (tenant: string) => Promise<string>

/** The name of a tenant's own secret below the cell's. */
export function ownSecret(secretId: string, tenant: string): string {
  return `${secretId}/${tenantName(tenant, maxNameLength)}`
}

/**
 * @param secretId the name of the cell's secret; a tenant's own is `<secretId>/<tenant>`
 * @throws EcosError (the returned function) `secret-missing` or `secret-unreadable`
 */
export function createChannelSecret(secretId: string): ChannelSecret {
  const absentUntil = new Map<string, number>()
  return async (tenant) => {
    if ((absentUntil.get(tenant) ?? 0) > Date.now()) return secretText(secretId)
    try {
      return await secretText(ownSecret(secretId, tenant))
    } catch (error) {
      if (!(error instanceof EcosError) || error.code !== 'secret-missing') throw error
      absentUntil.set(tenant, Date.now() + maxAbsenceAge)
      return secretText(secretId)
    }
  }
}
