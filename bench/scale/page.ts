import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { formatInteger, ratio, table } from '../tables.ts'
import type { BridgeScale } from './bridge.ts'
import type { CellScale } from './cell.ts'
import type { FloodScale } from './flood.ts'

export const parts = ['cell', 'bridge', 'flood'] as const
export type Part = (typeof parts)[number]

/** Of which commit, on which machine, and with which load (processes that ran, over five minutes). */
interface About {
  readonly commit: string
  readonly machine: string
  readonly load: number
}

interface Results {
  readonly cell: readonly (CellScale & About)[]
  readonly bridge: readonly (BridgeScale & About)[]
  readonly flood: readonly (FloodScale & About)[]
}

const file = 'bench/results/scale.json'
const page = 'docs/scale.md'
const marks = { start: '<!-- bench: written by npm run bench:scale -->', end: '<!-- /bench -->' }

/** What was measured together, all contenders: a new measurement replaces all of its rows. */
const keys = ['queues', 'place', 'floodPerSecond', 'tenants']

/** Adds the rows to the results; they replace those of the same measurement. */
export async function addResults(part: Part, rows: readonly object[]): Promise<void> {
  const results = await readResults()
  const replaced = new Set(rows.map(keyOf))
  const all: object[] = [...results[part].filter((row) => !replaced.has(keyOf(row))), ...rows]
  const sorted = { ...results, [part]: all.toSorted((a, b) => sizeOf(a) - sizeOf(b)) }
  await writeFile(file, `${JSON.stringify(sorted, undefined, 2)}\n`)
}

function keyOf(row: object): string {
  const fields = row as Record<string, unknown>
  return JSON.stringify(keys.map((key) => fields[key]))
}

function sizeOf(row: object): number {
  return 'tenants' in row ? Number(row.tenants) : 0
}

async function readResults(): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return { cell: [], bridge: [], flood: [], ...JSON.parse(text) }
}

/**
 * Writes the tables of docs/scale.md.
 *
 * @returns the tables
 */
export async function writePage(): Promise<string[]> {
  const tables = tablesOf(await readResults())
  const text = await readFile(page, 'utf8')
  const before = text.slice(0, text.indexOf(marks.start) + marks.start.length)
  const after = text.slice(text.indexOf(marks.end))
  await writeFile(page, `${before}\n\n${tables.join('\n\n')}\n\n${after}`)
  await promisify(execFile)('biome', ['format', '--write', page, file])
  return tables
}

function tablesOf({ cell, bridge, flood }: Results): string[] {
  return [
    table(
      'A cell',
      [
        'tenants',
        'package',
        'deploy',
        'plan',
        'apply',
        'resources',
        'template',
        'hash',
        'largest package',
        'commit',
        'load',
      ],
      cell.map((row) => [
        formatInteger(row.tenants),
        seconds(row.packageSeconds),
        seconds(row.deploySeconds),
        seconds(row.planSeconds),
        seconds(row.applySeconds),
        formatInteger(row.resources),
        `${formatInteger(row.templateBytes / 1024)} KiB`,
        row.templateHash,
        `${formatInteger(row.packageBytes / 1024)} KiB`,
        ...aboutOf(row),
      ]),
    ),
    table(
      'The bridge: the same load over more tenants',
      [
        'contender',
        'queues',
        'tenants',
        'events/s',
        'to one tenant',
        'rounds',
        'CPU: bridge + broker',
        'with one tenant',
        'peak memory',
        'commit',
        'load',
      ],
      bridge.map((row) => [
        row.contender,
        row.queues,
        formatInteger(row.tenants),
        formatInteger(row.perSecond),
        ratio(row.ratio, 1),
        row.ratios.map((one) => one.toFixed(2)).join(', '),
        cpuText(row.cpu),
        cpuText(row.cpuOfOne),
        `${formatInteger(row.peakMegabytes)} MB`,
        ...aboutOf(row),
      ]),
    ),
    table(
      'Nine tenants beside the flood of a tenth',
      [
        'contender',
        'flood in',
        'flood',
        'quiet: p50',
        'p99',
        'in another worker: p50',
        'p99',
        'in theirs: p50',
        'p99',
        'p99 to quiet',
        'to another worker',
        'commit',
        'load',
      ],
      flood.map((row) => [
        row.contender,
        row.place === 'own'
          ? 'its own queue'
          : row.place === 'other pools'
            ? 'a pool of its own'
            : 'the pool of all',
        `${formatInteger(row.flood)}, ${formatInteger(row.floodPerSecond)}/s`,
        ...waitsOf(row.quiet),
        ...waitsOf(row.elsewhere),
        ...waitsOf(row.beside),
        row.toQuiet.map((one) => `${one.toFixed(2)} ×`).join(', '),
        row.toElsewhere.map((one) => `${one.toFixed(2)} ×`).join(', '),
        ...aboutOf(row),
      ]),
    ),
  ]
}

function aboutOf({ commit, load }: About): string[] {
  return [commit, load.toFixed(1)]
}

function cpuText({ bridge, broker }: BridgeScale['cpu']): string {
  return `${formatInteger(bridge)} + ${formatInteger(broker)} µs`
}

function waitsOf({ p50, p99 }: FloodScale['quiet']): string[] {
  return [milliseconds(p50), milliseconds(p99)]
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`
}
