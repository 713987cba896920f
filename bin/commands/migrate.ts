import { once } from 'node:events'
import { Command, Option } from 'commander'
import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectMigration } from '../../lib/amqp/migration.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { readEnvironment } from '../../lib/config.ts'
import type { MoveCounts } from '../../lib/migration/mover.ts'
import { defaultQueueName, oldTopologyOf } from '../../lib/migration/old-topology.ts'
import { type Plan, planOf } from '../../lib/migration/plan.ts'
import { rollback } from '../../lib/migration/rollback.ts'
import { run } from '../../lib/migration/run.ts'
import type { Migration, Step } from '../../lib/migration/step.ts'
import { survey } from '../../lib/migration/survey.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { say } from '../say.ts'
import { findTenant, readTenants } from './tenants-file.ts'
import { print } from './text.ts'

interface Options {
  readonly tenant: string
  readonly queue: string
  readonly json?: boolean
  readonly force?: boolean
  readonly deleteOld?: boolean
}

/** `migrate plan|run|rollback`: moves a tenant from the old consumers' queue to the bridge's. */
export function migrateCommand(): Command {
  const migrate = new Command('migrate').description(
    "Moves a tenant over from the old consumers' queue (AMQP_URL, AMQP_CA, TENANTS_FILE)",
  )
  const action = (name: string, description: string) =>
    migrate
      .command(name)
      .description(description)
      .requiredOption('--tenant <id>', 'the tenant, as in the tenants file')
      .option('--queue <name>', 'NAME of the old queue tenant.<id>.NAME', defaultQueueName)
      .option('--json', 'print one JSON document')
  const force = new Option('--force', 'proceed although other consumers are attached')

  action('plan', 'Shows the queues and what run would do; changes nothing').action(plan)
  action('run', 'Binds the new queue, unbinds the old one, and moves the remaining messages')
    .addOption(force)
    .option('--delete-old', 'then delete the old queues; this cannot be undone')
    .action((options: Options) =>
      act(options, listed, (migration) => run(migration, options.deleteOld ?? false)),
    )
  action('rollback', 'Goes back to the old queue, unless it was deleted')
    .addOption(force)
    .action((options: Options) => act(options, listedOrNot, rollback))
  return migrate
}

async function plan(options: Options): Promise<void> {
  const found = await withMigration(options, listed, async ({ broker, tenant, old }) =>
    planOf(tenant, old, await survey(broker, old, topologyOf(tenant))),
  )
  print(options.json ? JSON.stringify(found) : planText(found))
}

async function act(
  options: Options,
  find: FindTenant,
  work: (migration: Migration) => Promise<MoveCounts>,
): Promise<void> {
  const steps: Step[] = []
  const onStep = (step: Step) => {
    steps.push(step)
    if (!options.json) print(step.text)
  }
  const counts = await withMigration(options, find, (migration) => work({ ...migration, onStep }))
  print(options.json ? JSON.stringify({ tenant: options.tenant, ...counts, steps }) : say('Done'))
}

async function withMigration<T>(
  { tenant: id, queue, force = false }: Options,
  find: FindTenant,
  work: (migration: Omit<Migration, 'onStep'>) => Promise<T>,
): Promise<T> {
  const { AMQP_URL, AMQP_CA, TENANTS_FILE } = readEnvironment(
    brokerVariables.extend({ TENANTS_FILE: z.string() }),
    process.env,
  )
  const tenant = find(id, TENANTS_FILE)
  const old = oldTopologyOf(id, queue)
  const broker = await connectMigration(AMQP_URL, AMQP_CA)
  try {
    // A call in flight when the connection is lost may never settle.
    return await Promise.race([work({ broker, tenant, old, force }), rejectWhen(broker.lost)])
  } finally {
    await broker.close()
  }
}

async function rejectWhen(lost: AbortSignal): Promise<never> {
  if (!lost.aborted) await once(lost, 'abort')
  throw lost.reason
}

type FindTenant = (id: string, file: string) => Tenant

const listed: FindTenant = (id, file) => findTenant(readTenants(file), id, file)

/** Rolling back begins with removing the tenant from the file. */
const listedOrNot: FindTenant = (id) => ({ id, events: [], locale: 'ru', cell: 'main' })

function stateOf({ found, messages, consumers = 0 }: Plan['parts'][number]): string {
  if (!found) return say('not there')
  if (messages === undefined) return say('there')
  return say('{messages} messages, {consumers} consumers', { messages, consumers })
}

function planText({ tenant, parts, steps, notes, obstacles }: Plan): string {
  return [
    say('Tenant {tenant}', { tenant }),
    ...parts.map((part) => `  ${part.name}: ${stateOf(part)}`),
    say('What run does'),
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    ...notes.map((note) => say('Note: {note}', { note })),
    ...obstacles.map(({ text }) => say('In the way: {obstacle}', { obstacle: text })),
  ].join('\n')
}
