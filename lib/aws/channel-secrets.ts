import { EcosError } from '../errors.ts'
import { secretText } from './secrets.ts'

/** Milliseconds for which it is remembered that a tenant has no secret of its own. */
const absenceAge = 60_000

/** A channel's secret for a tenant: its own where there is one, else the one of the whole cell. */
export type ChannelSecret = (tenant: string) => Promise<string>

/**
 * @param secretId the name of the cell's secret; a tenant's own is `<secretId>/<tenant>`
 * @throws EcosError (the secret, when asked for) `secret-missing` or `secret-unreadable`
 */
export function createChannelSecret(secretId: string): ChannelSecret {
  const absentUntil = new Map<string, number>()
  return async (tenant) => {
    if ((absentUntil.get(tenant) ?? 0) > Date.now()) return secretText(secretId)
    try {
      return await secretText(`${secretId}/${tenant}`)
    } catch (error) {
      if (!(error instanceof EcosError) || error.code !== 'secret-missing') throw error
      absentUntil.set(tenant, Date.now() + absenceAge)
      return secretText(secretId)
    }
  }
}
