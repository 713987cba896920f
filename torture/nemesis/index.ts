import { aws } from './aws.ts'
import { broker } from './broker.ts'
import type { Fault } from './fault.ts'
import { links } from './links.ts'
import { machine } from './machine.ts'
import { operators } from './operators.ts'
import { partialResults } from './partial-results.ts'
import { processes } from './processes.ts'
import { receivers } from './receivers.ts'

const all: readonly Fault[] = [
  ...links,
  ...broker,
  ...processes,
  ...aws,
  partialResults,
  ...receivers,
  ...machine,
  ...operators,
]

export const faultNames: readonly string[] = all.map(({ name }) => name)

/** The faults that happen unless `--only` names some. */
export const usualFaults: readonly string[] = all
  .filter(({ isSlow }) => !isSlow)
  .map(({ name }) => name)

export function faultNamed(name: string): Fault {
  const fault = all.find((one) => one.name === name)
  if (fault === undefined) throw new Error(`There is no fault ${name}: ${faultNames.join(', ')}`)
  return fault
}
