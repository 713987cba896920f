import { copyFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { tenantsFile } from '../plan/people.ts'
import type { Random } from '../plan/random.ts'
import { runCommand } from '../world/command.ts'
import { deployAgain } from '../world/functions.ts'
import type { World } from '../world/world.ts'
import type { Fault } from './fault.ts'
import { mailRecovery } from './processes.ts'

/** What operators do while events flow. */
export const operators: readonly Fault[] = [
  {
    name: 'dead-letters-redriven',
    // A redrive that does not hear that a message has arrived sends it again.
    allows: ['twice-set-aside'],
    start(world) {
      const redrive = () => runCommand(world, 'dlq', 'redrive', '--run')
      const first = redrive()
      return () => first.then(redrive)
    },
  },
  {
    name: 'tenant-moved',
    allows: [],
    start(world, random) {
      // In a pool a move takes the steps of docs/tenants.md, which end with the old queue empty.
      if (world.queues === 'pooled') return () => undefined
      const first = move(world, random)
      return () => first.then(() => move(world, random))
    },
  },
  {
    name: 'functions-deployed',
    // The local AWS ends the processes of the code before, with what they have in hand.
    allows: ['twice-delivered', 'uncertain'],
    recoversWithin: mailRecovery,
    async start({ stack }) {
      await deployAgain(stack.cloud, stack.deployment['BusName'] ?? '')
      return () => undefined
    },
  },
]

/** Gives a tenant that shares a partition another one. */
async function move(world: World, random: Random): Promise<void> {
  const file = resolve('.local', 'moved-tenants.yml')
  await copyFile(tenantsFile, file)
  const partition = String(random.int(4, 15))
  const place = ['--tenants', file]
  await runCommand(
    world,
    'tenants',
    'move',
    '--tenant',
    'birch',
    '--to-partition',
    partition,
    ...place,
  )
  await runCommand(world, 'tenants', 'apply', '--yes', ...place)
}
