import querystring from 'node:querystring'
import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { readEnvironment } from '../../lib/config.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { say } from '../say.ts'
import { readTenants } from './tenants-file.ts'
import { print } from './text.ts'

export const declareHelp = `
Lambda consumes queues but does not declare them: run this before a deployment that moves a tenant to
this broker or changes its event types. Existing queues stay as they are.
  AMQP_URL      amqps:// with user, password and the broker's virtual host (required)
  AMQP_CA       as for \`bridge run\`
  TENANTS_FILE  path of tenants.yml (required)
`

/** Declares the queues and bindings of this broker's tenants in tenants.yml. */
export async function declare({ broker: name }: { broker: string }): Promise<void> {
  const { AMQP_URL, AMQP_CA, TENANTS_FILE } = readEnvironment(
    brokerVariables.extend({ TENANTS_FILE: z.string() }),
    process.env,
  )
  const tenants = tenantsOf(name, TENANTS_FILE)
  refuseOtherVirtualHost(tenants, AMQP_URL)
  const broker = await connectBroker(AMQP_URL, AMQP_CA)
  try {
    for (const topology of tenants.map(topologyOf)) {
      await broker.declare(topology)
      print(`${topology.queue}: ${topology.bind.join(', ') || say('no event types')}`)
    }
  } finally {
    await broker.close()
  }
}

function tenantsOf(name: string, file: string): Tenant[] {
  const tenants = readTenants(file).filter(({ broker }) => broker?.name === name)
  if (tenants.length > 0) return tenants
  throw new EcosError('no-tenants', `No tenant in ${file} has the broker ${name}: set it for one`)
}

/** Lambda would look for the queues in the other virtual host. */
function refuseOtherVirtualHost([tenant]: readonly Tenant[], amqpUrl: string): void {
  const expected = tenant?.broker?.virtualHost
  const actual = querystring.unescape(URL.parse(amqpUrl)?.pathname.slice(1) ?? '') || '/'
  if (actual === expected) return
  throw new EcosError(
    'other-virtual-host',
    `AMQP_URL has the virtual host ${actual}, and the broker in tenants.yml has ${expected}`,
  )
}
