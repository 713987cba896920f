import { resolve } from 'node:path'
import { bundle } from '../../build/bundle.ts'
import { inStep } from '../../local/progress.ts'
import { bareSdk, type Contender, leanWorker, naive } from '../contenders.ts'
import { bundles, type Stub, startStub } from '../processes.ts'
import { type Bench, runOnBroker } from '../run-on-broker.ts'
import { formatInteger, ratio, table } from '../tables.ts'
import { jobOf, runOnBacklog } from '../throughput.ts'
import { installCamel, installPika } from './install.ts'
import { type Measured, type Other, runOther } from './run-other.ts'

/** `npm run bench:others`: the worker beside consumers that others write, in turns, at a stub of 10 ms. */
const rounds = 3
const events = 60_000

/** The worker comes first: the others are compared with it. */
const ours = [leanWorker, bareSdk, naive]

await runOnBroker(async (bench) => {
  const others = await installOthers(bench)
  await bundleOurs()
  const stub = await startStub(10)
  try {
    bench.print(tableOf(await measure(others, stub, bench)))
  } finally {
    stub.stop()
  }
})

/** Those that this machine can run; the others are named. */
async function installOthers(bench: Bench): Promise<Other[]> {
  const pika = await installPika(bench)
  const camel = await installCamel(bench)
  if (pika === undefined) bench.print('pika is left out: it needs Python 3.10 with venv')
  if (camel === undefined) bench.print('Camel is left out: it needs a JDK 17 and Maven')
  return [
    ...(pika
      ? [{ name: 'pika and boto3', command: pika, events: 5_000, warmUpEvents: 500, calls: 1 }]
      : []),
    ...(camel
      ? [{ name: 'Camel', command: camel, events: 20_000, warmUpEvents: 5_000, calls: 64 }]
      : []),
  ]
}

async function bundleOurs(): Promise<void> {
  const entries = ours.map(({ file }) => ({ in: `bench/contenders/${file}.ts`, out: file }))
  await bundle(entries, resolve(bundles))
}

async function measure(
  others: readonly Other[],
  stub: Stub,
  { amqpUrl, onProgress }: Bench,
): Promise<Measured[][]> {
  const all: Measured[][] = []
  for (let round = 1; round <= rounds; round += 1) {
    await inStep(onProgress, `Round ${round} of ${rounds}`, async () => {
      const measured: Measured[] = []
      for (const contender of ours) measured.push(await runOurs(contender, stub, amqpUrl))
      for (const other of others) measured.push(await runOther(other, stub, amqpUrl))
      all.push(measured)
    })
  }
  return all
}

async function runOurs(contender: Contender, stub: Stub, amqpUrl: string): Promise<Measured> {
  const calls = contender.calls.at(-1) as number
  const job = jobOf(contender, { stub, amqpUrl, calls, events, tenants: 1 })
  return { ...(await runOnBacklog(contender, job, stub)), name: contender.name }
}

/** The medians of the rounds; ratios are of one round each. */
function tableOf(all: readonly Measured[][]): string {
  const [first = []] = all
  const rows = first.map(({ name }, index) => {
    const of = (figure: (one: Measured) => number) =>
      median(all.map((round) => figure(round[index] as Measured)))
    const timesOurs = median(
      all.map((round) => (round[0] as Measured).perSecond / (round[index] as Measured).perSecond),
    )
    return [
      name,
      formatInteger(of(({ perSecond }) => perSecond)),
      ratio(timesOurs, 1),
      `${formatInteger(of(({ cpuPerEvent }) => cpuPerEvent))} µs`,
      `${formatInteger(of(({ peakMegabytes }) => peakMegabytes))} MB`,
    ]
  })
  const head = ['consumer', 'events/s', 'the worker to it', 'CPU per event', 'peak memory']
  return table(`Beside other consumers, medians of ${rounds} rounds`, head, rows)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
