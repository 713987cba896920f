import { InvalidArgumentError, Option } from 'commander'
import { defaultPartitions } from '../../lib/tenants/partition.ts'
import { say } from '../say.ts'
import { count } from './count.ts'
import { time } from './time.ts'

/** Options that several commands have: one word, one meaning, one description. */
export const cellOption = () => new Option('--cell <name>', 'the cell').env('CELL').default('main')

/** Without it, every tenant. */
export const tenantOption = () => new Option('--tenant <id>', "the tenant's id")

export const partitionsOption = () =>
  new Option('--partitions <count>', 'the partitions of the cell, as it is deployed')
    .env('PARTITIONS')
    .argParser(count)
    .default(defaultPartitions)

export const jsonOption = () => new Option('--json', 'print one JSON document')

export const runOption = () =>
  new Option('--run', 'do it; without this option it is only announced')

export const fromOption = () =>
  new Option(
    '--since, --from <time>',
    'from this time on: 2h (ago), yesterday, or ISO 8601',
  ).argParser((text: string) => time(text))

export const toOption = () =>
  new Option('--until, --to <time>', 'before this time').argParser((text: string) => time(text))

/** @param number what is shown without the option */
export const limitOption = (number: number) =>
  new Option('--limit <count>', 'show at most this many results').argParser(count).default(number)

/** @param what is sent */
export const perSecondOption = (what: string) =>
  new Option('--per-second <number>', `${what} per second`).argParser(rate).default(50)

/** At a slower rate the last of ten received letters would become visible again before its turn. */
const minRate = 0.1
const maxRate = 1000

function rate(text: string): number {
  const number = Number(text)
  if (number >= minRate && number <= maxRate) return number
  throw new InvalidArgumentError(
    say('is not a number from {least} to {most}', { least: minRate, most: maxRate }),
  )
}
