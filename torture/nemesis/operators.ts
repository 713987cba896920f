import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseDocument } from 'yaml'
import { leaver, tenants, types } from '../plan/people.ts'
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
      const redrive = async () => void (await runCommand(world, 'dlq', 'redrive', '--run'))
      const first = redrive()
      return () => first.then(redrive)
    },
  },
  {
    name: 'tenant-moved',
    place: 'tenants',
    allows: [],
    start(world, random) {
      const moved = world.queues === 'own' ? move(world, random) : moveBetweenPools(world, random)
      return () => moved
    },
  },
  {
    name: 'tenant-leaves',
    place: 'tenants',
    allows: ['returned'],
    start(world) {
      const isBack = leave(world)
      return () => isBack
    },
  },
  {
    name: 'type-turned-off',
    place: 'tenants',
    allows: ['returned'],
    start(world, random) {
      const isOn = turnOff(world, random)
      return () => isOn
    },
  },
  {
    name: 'events-replayed',
    // The copies are on the bus, and a handler refuses again what it has refused. Whoever was told is not told again.
    allows: ['twice-on-bus', 'twice-set-aside'],
    start(world, random) {
      const replayed = replay(world, random.pick(tenants))
      return () => replayed
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

/** Replays what a tenant's events were so far. */
async function replay(world: World, tenant: string): Promise<void> {
  const [from, to] = [world.startedAt, new Date()].map((at) => at.toISOString())
  const window = ['--from', String(from), '--to', String(to), '--rule-wait', '0']
  await runCommand(world, 'replay', '--tenant', tenant, ...window, '--run')
}

/** Milliseconds after which every process has read the tenants again. */
const allHaveRead = 45_000

/** Gives a tenant that shares a partition another one. */
async function move(world: World, random: Random): Promise<void> {
  await moveInFile(world, random)
  await apply(world)
}

/** The steps of docs/tenants.md: the former pool is looked at again when no bridge serves it any more. */
async function moveBetweenPools(world: World, random: Random): Promise<void> {
  await moveInFile(world, random)
  await changeOver(world)
  await apply(world)
  await sleep(allHaveRead)
  await changeOver(world)
}

/** Exit codes of `bridge change-over`: of the second, a former queue is kept. */
const changedOver = [0, 3]

function changeOver(world: World): Promise<void> {
  const commands = { ...world.commands, TENANTS_FILE: world.changedTenants }
  return untilDone(() => runCommand({ commands }, 'bridge', 'change-over'), changedOver)
}

/** Repeats a command until it succeeds, as an operator would: the broker or AWS may be away at the moment. */
async function untilDone(
  command: () => Promise<number>,
  success: readonly number[] = [0],
): Promise<void> {
  for (let tries = 0; tries < 12; tries += 1) {
    if (success.includes(await command())) return
    await sleep(5_000)
  }
  throw new Error('A command of an operator did not succeed in the end')
}

function leave(world: World): Promise<void> {
  return forAWhile(world, async () => {
    await changeTenants(world, 'remove', '--tenant', leaver)
  })
}

function turnOff(world: World, random: Random): Promise<void> {
  return forAWhile(world, async () => {
    const document = parseDocument(await readFile(world.changedTenants, 'utf8'))
    const off = random.pick(types)
    const events = types.filter((type) => type !== off)
    document.setIn(['tenants', leaver, 'events'], events)
    await writeFile(world.changedTenants, String(document))
  })
}

/** Changes the tenants until every process knows it, and changes them back. */
async function forAWhile(world: World, change: () => Promise<void>): Promise<void> {
  const before = await readFile(world.changedTenants)
  await change()
  await apply(world)
  await sleep(allHaveRead)
  await writeFile(world.changedTenants, before)
  await apply(world)
}

async function moveInFile(world: World, random: Random): Promise<void> {
  const way = ['--tenant', leaver, '--to-partition', String(random.int(4, 15))]
  await changeTenants(world, 'move', ...way)
}

function apply(world: World): Promise<void> {
  return untilDone(() => changeTenants(world, 'apply', '--yes'))
}

function changeTenants(world: World, ...args: readonly string[]): Promise<number> {
  return runCommand(world, 'tenants', ...args, '--tenants', world.changedTenants)
}
