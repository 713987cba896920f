import { readRules } from '../lib/aws/cell/deployed-cell.ts'
import type { ClientConfig } from '../lib/aws/tables/dynamodb.ts'
import { openTenantsTable } from '../lib/aws/tables/tenants-table.ts'
import { planTenants } from '../lib/operations/apply-tenants.ts'
import { cellPrefix, tenantsTable } from '../lib/tenants/names.ts'
import { planCell } from '../lib/tenants/plan.ts'
import { parseSettings, type Settings } from '../lib/tenants/template/settings.ts'
import { refuseUnknownCell } from './empty-cell.ts'
import { refuseTooManyRules } from './full-bus.ts'
import { readTenantsOf } from './tenants.ts'

/** The account of a deployment, as the Serverless Framework's provider `aws` knows it. */
interface AwsProvider {
  getRegion(): string
  /** osls 4. */
  getAwsSdkV3Config?(): Promise<ClientConfig>
  /** The Serverless Framework 3: the AWS SDK's version 2. */
  getCredentials(): { credentials: { getPromise(): Promise<void> } & Credentials }
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * Applies tenants.yml to the cell that was just deployed, as `ecos-eventbridge tenants apply` does.
 *
 * @returns a line for the framework's log
 */
export async function applyTenants(
  settings: Pick<Settings, 'cell' | 'tenantsFile'>,
  provider: AwsProvider,
): Promise<string> {
  const { cell } = settings
  const file = await readTenantsOf(settings)
  const table = openTenantsTable(tenantsTable(cell), await clientConfig(provider))
  const plan = await planTenants(table, file, cell)
  const version = await plan.apply(new Date())
  const { added, removed, changed } = plan.difference
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
  return `Tenants of the cell ${cell}: version ${version} (${counts})`
}

/** @throws EcosError `cell-empty` */
export async function refuseEmptyCell(
  settings: Pick<Settings, 'cell' | 'tenantsFile'>,
  provider: AwsProvider,
): Promise<void> {
  const { cell } = settings
  const { tenants } = await readTenantsOf(settings)
  const table = openTenantsTable(tenantsTable(cell), await clientConfig(provider))
  await refuseUnknownCell(tenants, cell, table)
}

/**
 * Refuses a deployment for which the bus has no room beside the rules that are there. Where these can't be listed,
 * AWS decides.
 *
 * @throws EcosError `bus-full`; those of `parseSettings` and `planCell`
 */
export async function refuseFullBus(values: object, provider: AwsProvider): Promise<void> {
  const settings = parseSettings(values)
  const { tenants } = await readTenantsOf(settings)
  const plan = planCell(tenants, settings.cell, settings)
  const reading = readRules(cellPrefix(settings.cell), await clientConfig(provider))
  refuseTooManyRules(plan, await reading.catch(() => []))
}

async function clientConfig(provider: AwsProvider): Promise<ClientConfig> {
  if (provider.getAwsSdkV3Config) {
    const { region, credentials } = await provider.getAwsSdkV3Config()
    return { ...(region && { region }), ...(credentials && { credentials }) }
  }
  const { credentials } = provider.getCredentials()
  await credentials.getPromise()
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return {
    region: provider.getRegion(),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  }
}
