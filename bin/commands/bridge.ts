import { Command } from 'commander'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { unbindTenant } from '../../lib/bridge/unbind.ts'
import { readEnvironment } from '../../lib/config.ts'
import { defaultPartitions } from '../../lib/tenants/partition.ts'
import { exitCode } from '../exit-code.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { changeOverHelp, runChangeOver } from './bridge-change-over.ts'
import { declare, declareHelp } from './bridge-declare.ts'
import { runBridge } from './bridge-run.ts'
import { withdraw, withdrawHelp } from './bridge-withdraw.ts'
import { count } from './count.ts'
import { print } from './text.ts'
import { workerHelp } from './worker-settings.ts'

const unbindHelp = '\nThe broker is that of AMQP_URL; AMQP_CA as for `bridge run`.\n'

/** `ecos-eventbridge bridge …` */
export function bridgeCommand(): Command {
  const bridge = new Command('bridge').description(
    "moves events from the broker's queues to the bus",
  )
  bridge
    .command('run')
    .description('runs the long-running worker: bridges events until it is stopped')
    .addHelpText('after', below(workerHelp, helpBelow.bridgeRun, { partitions: defaultPartitions }))
    .action(runBridge)
  bridge
    .command('declare')
    .description("declares the tenants' queues at an Amazon MQ broker")
    .requiredOption('--broker <name>', 'the broker, by its name in tenants.yml')
    .addHelpText('after', below(declareHelp, helpBelow.bridgeDeclare))
    .action(declare)
  bridge
    .command('change-over')
    .description("moves a cell's tenants between queues of their own and pooled queues")
    .option('--former-partitions <count>', 'how many partitions the cell had, if more', count)
    .addHelpText('after', below(changeOverHelp, helpBelow.bridgeChangeOver))
    .action(runChangeOver)
  bridge
    .command('unbind')
    .description("removes a tenant's bindings, so that no further event enters its queue")
    .requiredOption('--tenant <id>', 'the tenant')
    .option('--delete-empty-queues', 'also delete its queues that are empty and have no consumers')
    .addHelpText('after', below(unbindHelp, helpBelow.bridgeUnbind))
    .action(unbind)
  bridge
    .command('withdraw')
    .description("removes a tenant's registration for events 2.0, and its binding")
    .requiredOption('--tenant <id>', 'the tenant')
    .option('--target <name>', "its target (default: the tenant's own in TENANTS_FILE)")
    .addHelpText('after', below(withdrawHelp, helpBelow.bridgeWithdraw))
    .action(withdraw)
  return bridge
}

async function unbind(options: { tenant: string; deleteEmptyQueues?: true }): Promise<void> {
  const { tenant, deleteEmptyQueues = false } = options
  const { AMQP_URL, AMQP_CA } = readEnvironment(brokerVariables, process.env)
  const broker = await connectBroker(AMQP_URL, AMQP_CA)
  try {
    const removals = await unbindTenant(broker, tenant, deleteEmptyQueues)
    print(say('{tenant} is unbound', { tenant }))
    for (const { queue, outcome, explanation } of removals) {
      print(`${outcome}: ${explanation ?? queue}`)
    }
    // A script that asked for a deletion must learn that a queue was kept.
    if (removals.some(({ outcome }) => outcome === 'kept')) process.exitCode = exitCode.needsHand
  } finally {
    await broker.close()
  }
}
