import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { events2Topology } from '../../lib/bridge/topology.ts'
import { readEnvironment } from '../../lib/config.ts'
import { EcosError } from '../../lib/errors.ts'
import { registryRoot, targetKey } from '../../lib/records/events-2/keys.ts'
import { withdraw as withdrawTarget } from '../../lib/records/events-2/registry.ts'
import { defaultTarget } from '../../lib/tenants/events-2.ts'
import { connectZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { fault, say } from '../say.ts'
import { didYouMean } from './suggestion.ts'
import { readTenants } from './tenants-file.ts'
import { print } from './text.ts'

const variables = brokerVariables.extend({
  ZOOKEEPER_SERVERS: z.string(),
  TENANTS_FILE: z.string().default('tenants.yml'),
})

export const withdrawHelp = `
The broker is that of AMQP_URL; AMQP_CA as for \`bridge run\`. ZooKeeper is that of ZOOKEEPER_SERVERS.
The tenant's target is read from TENANTS_FILE (default tenants.yml); keep it there for now.
First remove "2.0" from the tenant's "wire" in tenants.yml and restart the bridges: a running bridge
would register again. The queue keeps its messages.
`

/** Removes the registration before the binding, so that events sent in between reach the queue. */
export async function withdraw(options: { tenant: string; target?: string }): Promise<void> {
  const { tenant } = options
  const { AMQP_URL, AMQP_CA, ZOOKEEPER_SERVERS, TENANTS_FILE } = readEnvironment(
    variables,
    process.env,
  )
  const target = options.target ?? targetOf(tenant, TENANTS_FILE)
  const topology = events2Topology(tenant, target)
  // Connect first: if the broker can't be reached, nothing is changed.
  const broker = await connectBroker(AMQP_URL, AMQP_CA)
  try {
    const deleted = await deleteRegistrations(target, ZOOKEEPER_SERVERS)
    await broker.unbind(topology)
    if (deleted === 0) throw nothingRegistered(target, topology.queue, ZOOKEEPER_SERVERS)
    print(
      say(
        '{tenant} is withdrawn: {deleted} registrations of {target} are deleted, and {queue} is unbound',
        { tenant, deleted, target, queue: topology.queue },
      ),
    )
  } finally {
    await broker.close()
  }
}

/** @throws EcosError `unknown-tenant`, so that a misspelt tenant does not pass for the default target */
function targetOf(id: string, file: string): string {
  const tenants = readTenants(file)
  const tenant = tenants.find((candidate) => candidate.id === id)
  if (tenant !== undefined) return tenant.target ?? defaultTarget(id)
  const known = tenants.map((candidate) => candidate.id)
  const problem =
    '{file} has no tenant {tenant}{meant}: correct it, or name its target with --target'
  throw fault('unknown-tenant', problem, { file, tenant: id, meant: didYouMean(id, known) })
}

function nothingRegistered(target: string, queue: string, servers: string): EcosError {
  return new EcosError(
    'not-registered',
    `No event type under ${registryRoot} in ZooKeeper at ${servers} has the target ${targetKey(target)}: ` +
      `no registration is deleted (the queue ${queue} is unbound). See "target" in tenants.yml, or name it with --target`,
  )
}

async function deleteRegistrations(target: string, servers: string): Promise<number> {
  const zooKeeper = await connectZooKeeper(servers)
  const { deleted } = await withdrawTarget(zooKeeper, target).finally(() => zooKeeper.close())
  return deleted
}
