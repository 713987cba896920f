import { Command } from 'commander'
import { createChannelSecret } from '../../lib/aws/channel-secrets.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createEndpointKeys, type EndpointKeys } from '../../lib/aws/tables/endpoint-keys.ts'
import { checkAddress } from '../../lib/channels/addresses/address.ts'
import { endpointKey, endpointOf, type KeyGeneration } from '../../lib/channels/endpoint-key.ts'
import { EcosError } from '../../lib/errors.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import {
  onTable,
  type TableOptions,
  tableOf,
  tableOptions,
  tenantOption,
} from './subscriptions-options.ts'
import { print } from './text.ts'

interface EndpointOptions extends TableOptions {
  readonly tenant: string
  readonly address: string
}

/** `subscriptions rotate-key`. */
export function rotateKeyCommand(): Command {
  return tableOptions(new Command('rotate-key'))
    .description("Makes a new signing key for a webhook's endpoint and shows it once")
    .addOption(tenantOption())
    .requiredOption('--address <address>', 'the URL; its query does not count')
    .action(async (options: EndpointOptions) => {
      await requireTenant(options.cell, options.tenant)
      const shown = await showKey(options, (keys, endpoint) =>
        keys.rotate(options.tenant, endpoint),
      )
      if (shown > 1) print(say('For a day, requests are signed with the previous key too'))
    })
}

/** Shows the key of an endpoint that has none yet. */
export async function showFirstKey(options: EndpointOptions): Promise<void> {
  await showKey(options, (keys, endpoint) => keys.issue(options.tenant, endpoint))
}

/** @returns the generation that was shown; 0 for none */
async function showKey(
  { cell, table, tenant, address }: EndpointOptions,
  make: (keys: EndpointKeys, endpoint: string) => Promise<KeyGeneration | undefined>,
): Promise<number> {
  const checked = checkAddress('webhook', address, { allowPrivate: true })
  if ('problem' in checked) throw new EcosError('invalid-address', `address: ${checked.problem}`)
  const endpoint = endpointOf(checked.address)
  // Read first: a key that can't be shown must not count as shown.
  const [secret = ''] = (await createChannelSecret(`${cellPrefix(cell)}/webhook`)(tenant)).split(
    /\s+/,
  )
  const firstKey = endpointKey(secret, tenant, endpoint, 1)
  const name = tableOf({ cell, table })
  const made = await onTable(name, () => make(createEndpointKeys(name, createDynamoDb()), endpoint))
  if (!made) return 0
  const { generation } = made
  const key = generation === 1 ? firstKey : endpointKey(secret, tenant, endpoint, generation)
  print(`${say('The signing key of {endpoint}, shown only now:', { endpoint })}\n${key}`)
  return generation
}
