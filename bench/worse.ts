import { readFile } from 'node:fs/promises'
import { bareSdk } from './contenders.ts'
import type { Results } from './tables.ts'

/** A figure that means something on another machine too. */
interface Figure {
  readonly value: number
  readonly better: 'higher' | 'lower'
}

/** The share by which a figure may be worse: less is noise. */
const tolerance = 0.1

/** The results that are committed. */
export async function readCommitted(): Promise<Results> {
  const rows = async (question: keyof Results) =>
    JSON.parse(await readFile(`bench/results/${question}.json`, 'utf8')).rows
  return {
    machine: '',
    throughput: await rows('throughput'),
    latency: await rows('latency'),
    neighbour: await rows('neighbour'),
    tenants: await rows('tenants'),
    memory: await rows('memory'),
  }
}

/** A line for each figure that is worse than before by more than a tenth; figures of one alone are left out. */
export function worseThan(before: Results, now: Results): string[] {
  const known = figuresOf(before)
  return [...figuresOf(now)].flatMap(([name, { value, better }]) => {
    const was = known.get(name)?.value
    if (was === undefined) return []
    const isWorse =
      better === 'higher' ? value < was * (1 - tolerance) : value > was * (1 + tolerance)
    return isWorse ? [`${name}: ${value.toFixed(2)}, was ${was.toFixed(2)}`] : []
  })
}

function figuresOf(results: Results): Map<string, Figure> {
  const { throughput, latency, tenants, memory } = results
  const figures = new Map<string, Figure>()
  for (const run of throughput) {
    const sdk = throughput.find((one) => isBareSdk(one) && one.latency === run.latency)
    if (sdk === undefined || isBareSdk(run)) continue
    const place = `${run.contender}, stub of ${run.latency} ms`
    add(`${place}: events/s to the bare SDK's`, run.perSecond / sdk.perSecond, 'higher')
    add(`${place}: CPU per event to the bare SDK's`, run.cpuPerEvent / sdk.cpuPerEvent, 'lower')
  }
  for (const { contender, latency: stub, p50 } of latency) {
    add(`${contender}, stub of ${stub} ms: p50 from publish to accepted, in ms`, p50, 'lower')
  }
  for (const { contender, events, peakMegabytes } of memory) {
    add(`${contender}, backlog of ${events}: peak memory in MB`, peakMegabytes, 'lower')
  }
  for (const { contender, queues, tenants: count, perSecond } of tenants) {
    const one = tenants.find((run) => run.contender === contender && run.tenants === 1)
    if (one === undefined || count === 1) continue
    const name = `${contender}, ${count} tenants, queues ${queues ?? 'own'}: events/s to one tenant's`
    add(name, perSecond / one.perSecond, 'higher')
  }
  return figures

  function add(name: string, value: number, better: Figure['better']): void {
    figures.set(name, { value, better })
  }
}

function isBareSdk({ contender }: { readonly contender: string }): boolean {
  return contender === bareSdk.name
}
