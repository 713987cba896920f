import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type Count, counts, dollarsPerMillion, eventHops } from '../../lib/tenants/cost/counts.ts'
import { archiveDollars as archive, type Unit } from '../../lib/tenants/cost/prices.ts'

/** What the sum was by the formula of 2026-11-28, before anything was saved. */
interface Before {
  readonly what: string
  readonly units: readonly Unit[]
  readonly price: string
  readonly before: string
  readonly dollars: number
}

const rows: readonly Before[] = [
  {
    what: 'DynamoDB, writes',
    units: ['dynamodb-write'],
    price: '$0.625',
    before: '25',
    dollars: 15.63,
  },
  {
    what: 'SQS: send, receive, delete',
    units: ['sqs-request'],
    price: '$0.40',
    before: '9',
    dollars: 3.6,
  },
  { what: 'EventBridge', units: ['eventbridge-event'], price: '$1.00', before: '3', dollars: 3 },
  {
    what: 'CloudWatch Logs',
    units: ['logs-byte'],
    price: '$0.50 a GB',
    before: '6 KB',
    dollars: 3,
  },
  {
    what: 'DynamoDB, reads',
    units: ['dynamodb-read'],
    price: '$0.125',
    before: '12',
    dollars: 1.5,
  },
  {
    what: 'Lambda, GB-seconds',
    units: ['lambda-gb-second'],
    price: '$13.33',
    before: '0.075',
    dollars: 1,
  },
  {
    what: 'Lambda, requests',
    units: ['lambda-request'],
    price: '$0.20',
    before: '3',
    dollars: 0.6,
  },
]

const marks = { start: '<!-- counts: npm run bench:cost -- --page -->', end: '<!-- /counts -->' }
const page = 'docs/cost.md'

/** The tables of docs/cost.md. */
export function costTables(): string {
  const header = '| what | a million | before | $ | alone | $ | in tens | $ |'
  const line = '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |'
  const body = rows.map(({ what, units, price, before, dollars }) => {
    const some = counts.filter(({ unit }) => units.includes(unit))
    return row([what, price, before, dollars.toFixed(2), ...profiles(some)])
  })
  const total = rows.reduce((sum, { dollars }) => sum + dollars, archive)
  const sums = profiles(counts, archive).map((text, index) =>
    index % 2 === 0 ? '' : `**${text}**`,
  )
  return [
    header,
    line,
    ...body,
    row(['archive of the bus, 1.2 KB', '', '', ...[archive, '', archive, '', archive].map(String)]),
    row(['**together**', '', '', `**${total.toFixed(2)}**`, ...sums]),
    '',
    '| hop | what | units alone | in tens | $ alone | in tens |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...eventHops.flatMap((hop) => counts.filter((count) => count.hop === hop).map(hopRow)),
  ].join('\n')
}

function profiles(some: readonly Count[], more = 0): string[] {
  return (['alone', 'inTens'] as const).flatMap((profile) => {
    const units = some.reduce((sum, count) => sum + count[profile], 0)
    const dollars = some.reduce((sum, count) => sum + dollarsPerMillion(count, profile), more)
    return [amount(units, some[0]?.unit), dollars.toFixed(2)]
  })
}

function hopRow(count: Count): string {
  const { hop, group, unit, alone, inTens } = count
  return row([
    hop,
    `${group} (${unit})`,
    amount(alone, unit),
    amount(inTens, unit),
    dollarsPerMillion(count, 'alone').toFixed(2),
    dollarsPerMillion(count, 'inTens').toFixed(2),
  ])
}

function amount(units: number, unit: Unit | undefined): string {
  if (unit === 'logs-byte') return `${(units / 1024).toFixed(1)} KB`
  return String(Number(units.toFixed(3)))
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Writes the tables into docs/cost.md. */
export async function writePage(): Promise<void> {
  const text = await readFile(page, 'utf8')
  const before = text.slice(0, text.indexOf(marks.start) + marks.start.length)
  const after = text.slice(text.indexOf(marks.end))
  await writeFile(page, `${before}\n\n${costTables()}\n\n${after}`)
  await promisify(execFile)('biome', ['format', '--write', page])
}
