import { paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import type { AccountQuotas } from '../../operations/doctor/quotas.ts'
import { createClient } from '../client.ts'

/** Reads the account's quotas in the region by their names in Service Quotas. */
export async function readQuotas(
  client = createClient(ServiceQuotasClient),
): Promise<AccountQuotas> {
  const [concurrentExecutions, putEvents] = await Promise.all([
    quota(client, 'lambda', /^Concurrent executions$/),
    quota(client, 'events', /^PutEvents throttle limit/),
  ])
  return { concurrentExecutions, putEvents }
}

async function quota(
  client: ServiceQuotasClient,
  ServiceCode: string,
  name: RegExp,
): Promise<number | undefined> {
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode })) {
    const found = Quotas.find(({ QuotaName = '' }) => name.test(QuotaName))
    if (found) return found.Value
  }
  return undefined
}
