import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withStack } from '../local/stack.ts'
import { createTerminal } from '../local/terminal.ts'
import { keepEvidence } from './ledger/evidence.ts'
import { readGrowth } from './ledger/growth.ts'
import { type Findings, type Ledger, openLedger } from './ledger/ledger.ts'
import { untilQuiet } from './ledger/quiet.ts'
import { type Encore, playEncore } from './load/encore.ts'
import { startProducer } from './load/produce.ts'
import type { Allowance } from './nemesis/fault.ts'
import { faultNamed } from './nemesis/index.ts'
import { playFaults } from './nemesis/nemesis.ts'
import { cell, events2, tenants, tenantsFile, types } from './plan/people.ts'
import type { Plan } from './plan/plan.ts'
import { type RunReport, reportOf } from './report.ts'
import { judgeGrowth } from './verdict/growth.ts'
import { judge } from './verdict/verdict.ts'
import type { RigBroker } from './world/broker.ts'
import { startServers } from './world/servers.ts'
import { createWorld, type World } from './world/world.ts'

/** Seconds without an end of what is under way, after the faults have stopped. */
const patience = 120

/** Beside the report of a run that failed. */
const evidenceFile = 'torture-evidence.json'

/** Plays one plan on a system of its own, in the folder of the process. */
export async function runPlan(plan: Plan): Promise<RunReport> {
  const terminal = createTerminal()
  const { onProgress, print } = terminal
  const stateDir = resolve('.local')
  const servers = await startServers(onProgress)
  const { broker, zooKeeper } = servers
  // The stack takes the rig's broker, which faults may kill, for the user's own.
  process.env['AMQP_URL'] = broker.amqpUrl
  const stackOptions = {
    ...{ stateDir, onProgress, cell, tenantsFile },
    // The local stack's waits are short: an outage of 25 s would use up the tries of a channel.
    parameters: {
      ...{ queues: plan.queues, retryCapSeconds: 15, zooKeeperServers: zooKeeper.servers },
    },
  }
  try {
    return await withStack(stackOptions, async (stack) => {
      const world = await createWorld(stack, servers, plan)
      try {
        const ledger = await openLedger(world)
        await allBound(broker)
        print(`Seed ${plan.seed}: ${plan.messages.length} messages, queues ${plan.queues}`)
        const producer = startProducer(broker.amqpUrl, plan.messages)
        await Promise.all([producer.done, playFaults(world, plan.faults, print)])
        const faults = plan.faults.map(({ name }) => faultNamed(name))
        const limit = Math.max(patience, ...faults.map(({ recoversWithin = 0 }) => recoversWithin))
        print(`All faults have ended; waiting until it is quiet, for ${limit} s at most`)
        const quiet = await untilQuiet(ledger, limit)
        const judgedBy = (findings: Findings, { messages, copies }: Encore) => ({
          messages: [...plan.messages, ...messages],
          copies: new Map([...producer.copies, ...copies]),
          returned: producer.returned,
          findings,
        })
        const judged = (findings: Findings, encore: Encore) =>
          judge({
            ...judgedBy(findings, encore),
            unheard: world.awsLink.unheard,
            allowed: new Set([
              ...faults.flatMap(({ allows }) => allows),
              ...lateness(world.awsLink.late),
            ]),
            webhookUrl: world.hooks.url,
          })
        // A run that has failed by now needs no last messages.
        const isGood =
          quiet.after !== undefined && judged(await ledger.findings(), nothing).length === 0
        const encore = isGood ? await playCalm(world, plan, ledger) : nothing
        const growth = await readGrowth(world)
        const workerExit = await world.bridges.stop()
        const findings = await ledger.findings()
        const events = judged(findings, encore)
        const problems = [...events, ...judgeGrowth(growth), ...encore.problems]
        const late = world.awsLink.late
        const version = (await broker.control('version')).trim()
        const report = reportOf({
          late,
          plan,
          version,
          producer,
          findings,
          quiet,
          growth,
          problems,
          workerExit,
        })
        await writeFile(resolve('.local', 'torture.json'), JSON.stringify(report, undefined, 2))
        if (!report.passed) {
          await keepEvidence(world, judgedBy(findings, encore), resolve('.local', evidenceFile))
        }
        return report
      } finally {
        await world.bridges.stop()
        await world.close()
      }
    })
  } finally {
    await servers.stop()
    terminal.close()
  }
}

const nothing: Encore = { messages: [], copies: new Map(), problems: [] }

/** The worker alone has to bridge the last messages, as if nothing had been. */
async function playCalm(
  { bridges, broker }: World,
  { encore }: Plan,
  ledger: Ledger,
): Promise<Encore> {
  await bridges.endDrains()
  await allBound(broker)
  const played = await playEncore(broker.amqpUrl, encore, ledger)
  if (played.problems.length === 0) await untilQuiet(ledger, patience)
  return played
}

/** The broker drops what is published before the bridge has bound its queues. */
async function allBound(broker: RigBroker): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const text = await broker.control(
      'list_bindings',
      '--quiet',
      '--no-table-headers',
      'source_name',
    )
    const sources = text.split('\n')
    const isBound = (tenant: string) =>
      sources.filter((name) => name === `tenant.${tenant}.events`).length >= types.length
    if (tenants.every(isBound) && sources.includes(events2.exchange)) return
    await sleep(1_000)
  }
  throw new Error('The bridge has not bound its queues within a minute')
}

/** A machine that is too slow for a time-out loses answers, too. */
function lateness(late: ReadonlyMap<string, number>): Allowance[] {
  const isLate = (pattern: RegExp) => [...late.keys()].some((action) => pattern.test(action))
  return [
    ...(isLate(/^SendMessage/) ? (['twice-set-aside'] as const) : []),
    ...(isLate(/Item/) ? (['twice-delivered', 'uncertain'] as const) : []),
  ]
}
