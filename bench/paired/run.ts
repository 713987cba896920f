import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { count, wholeNumber } from '../../bin/commands/count.ts'
import { bundle } from '../../build/bundle.ts'
import { createScript } from '../../local/script.ts'
import { type Contender, contenders as known } from '../contenders.ts'
import { bundles, startStub } from '../processes.ts'
import { commit } from '../results.ts'
import { type Bench, runOnBroker } from '../run-on-broker.ts'
import { brokerProcess } from '../stack/processes.ts'
import { measurePaired, type Round, tableOf } from './paired.ts'

// npm run bench:paired: contenders of npm run bench in turns, each compared with the first in the same round.

const usual = 'bare SDK;worker, lean;drain, lean;Amazon MQ, lean'
const options = createScript('bench:paired')
  .description('Compares contenders in turns, so that a busy machine disturbs all of them alike')
  .addOption(
    new Option('--contenders <names>', 'with semicolons; the first is the reference of the others')
      .argParser(contenders)
      .default(contenders(usual), usual),
  )
  .option('--latencies <milliseconds>', 'of the stub of PutEvents, with commas', latencies, [10])
  .option('--events <number>', 'events of a run', count, 60_000)
  .option('--tenants <number>', 'tenants that share the events', count, 1)
  .option('--rounds <number>', 'how often each is measured', count, 3)
  .parse()
  .opts<{
    contenders: Contender[]
    latencies: number[]
    events: number
    tenants: number
    rounds: number
  }>()

await runOnBroker(async (bench) => {
  const measured = await commit()
  const files = [...new Set(options.contenders.map(({ file }) => file))]
  await bundle(
    files.map((file) => ({ in: `bench/contenders/${file}.ts`, out: file })),
    resolve(bundles),
  )
  const measurements: Round[][][] = []
  for (const latency of options.latencies) measurements.push(await measureAt(latency, bench))
  bench.print(`\n${tableOf(measurements)}\n\nAt commit ${measured}.`)
})

async function measureAt(latency: number, { amqpUrl, print }: Bench): Promise<Round[][]> {
  const stub = await startStub(latency)
  try {
    const plan = { ...options, brokerPid: brokerProcess() }
    return await measurePaired(stub, amqpUrl, plan, (run) => print(lineOf(run)))
  } finally {
    stub.stop()
  }
}

/** Shows how far it is, and stays if it is ended early. */
function lineOf({ contender, latency, calls, perSecond, cpuPerEvent, ...run }: Round): string {
  const rate = `${Math.round(perSecond)} events/s`
  const cost = `${cpuPerEvent.toFixed(1)} + ${run.brokerCpuPerEvent.toFixed(1)} µs`
  const memory = `${Math.round(run.peakMegabytes)} MB`
  const more = `surplus ${run.surplus}, load ${run.load.toFixed(1)}`
  return `${contender}, ${latency} ms, ${calls} calls: ${rate}, ${cost}, ${memory}, ${more}`
}

function contenders(text: string): Contender[] {
  return text.split(';').map((name) => {
    const contender = known.find((one) => one.name === name.trim())
    if (contender) return contender
    throw new InvalidArgumentError(`${name} is none of ${known.map((one) => one.name).join('; ')}`)
  })
}

function latencies(text: string): number[] {
  return text.split(',').map(wholeNumber)
}
