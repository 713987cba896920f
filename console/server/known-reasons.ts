import type { ReasonOf } from '../../lib/operations/dead-letters.ts'
import { type Fault, faultOf } from './fault.ts'

/** Reasons for a list of letters: a letter is listed even if its reason can't be read. */
export function knownReasons(reasonOf: ReasonOf): {
  readonly reasonIfKnown: ReasonOf
  /** Why reasons could not be read, each once. */
  faults(): Fault[]
} {
  const faults = new Map<string, Fault>()
  return {
    reasonIfKnown: (letter) =>
      reasonOf(letter).catch((error) => {
        const fault = faultOf('reasons', error)
        faults.set(fault.text, fault)
        return undefined
      }),
    faults: () => [...faults.values()],
  }
}
