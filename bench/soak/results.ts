import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Drained, Drains } from './drain.ts'
import { plotOf } from './plot.ts'
import type { Sample } from './sample.ts'
import type { Soak } from './soak.ts'

/** Of which commit, on which machine, with which load (processes that ran, over a quarter of an hour), and when. */
export interface About {
  readonly commit: string
  readonly machine: string
  readonly load: number
  readonly ended: string
}

/** A list for each field: shorter, and what a plot takes. */
export type Columns<Row> = { readonly [Field in keyof Row]: readonly Row[Field][] }

export interface Results {
  readonly worker?: Omit<Soak, 'samples'> & About & { readonly samples: Columns<Sample> }
  readonly drain?: Omit<Drains, 'rows'> & About & { readonly rows: Columns<Drained> }
}

/** Writes a part to soak.json, in place of the same part of an earlier run, and the plot of the worker's. */
export async function addWorker(folder: string, { samples, ...soak }: Soak, about: About) {
  await add(folder, { worker: { ...about, ...soak, samples: columnsOf(samples) } })
  await writeFile(join(folder, 'soak.svg'), plotOf(samples))
}

export async function addDrain(folder: string, { rows, ...drains }: Drains, about: About) {
  await add(folder, { drain: { ...about, ...drains, rows: columnsOf(rows) } })
}

async function add(folder: string, part: Results): Promise<void> {
  const file = join(folder, 'soak.json')
  await mkdir(folder, { recursive: true })
  const before = await readFile(file, 'utf8').catch(() => '{}')
  await writeFile(file, `${JSON.stringify({ ...JSON.parse(before), ...part }, rounded, 2)}\n`)
  await promisify(execFile)('biome', ['format', '--write', '--vcs-enabled=false', file])
}

export function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[]
  const columns = names.map((name) => [name, rows.map((row) => row[name])])
  return Object.fromEntries(columns) as Columns<Row>
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(2)) : value
}
