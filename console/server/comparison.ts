import { catalogue, type EventType, isEventType } from '../../lib/events/catalogue.ts'
import { type Difference, differencesOf } from '../../lib/operations/differences.ts'
import { dataOfLetter } from '../../lib/operations/letter-data.ts'
import type { ConsolePorts } from './ports.ts'
import type { Samples } from './samples.ts'
import type { ShelvedLetter } from './shelved-letter.ts'

/** How a letter's event differs from one that passed. */
export interface Comparison {
  /** An event of the same tenant and type that was handled, or the type's example. */
  readonly with: 'event' | 'example'
  readonly eventId?: string
  readonly at?: string
  readonly differences: readonly Difference[]
}

/** The latest event of the same tenant and type that was handled; without one, the type's example. */
export async function comparisonOf(
  letter: ShelvedLetter,
  samples: Samples,
  ports: Pick<ConsolePorts, 'stories'>,
  cell: string,
): Promise<Comparison | undefined> {
  const { tenant, type, eventId } = letter
  const data = dataOfLetter(letter)
  if (data === undefined || tenant === undefined || type === undefined) return undefined
  for (const sample of samples.of(tenant, type)) {
    if (sample.eventId === eventId) continue
    const stories = await ports.stories(cell, [{ tenant, type }], sample.eventId).catch(() => [])
    if (!stories.some(({ handled }) => handled)) continue
    const differences = differencesOf(data, sample.data)
    return { with: 'event', eventId: sample.eventId, at: sample.at, differences }
  }
  if (!isEventType(type)) return undefined
  return { with: 'example', differences: differencesOf(data, exampleOf(type)) }
}

/** As a producer sends it. */
function exampleOf(type: EventType): object {
  const [example] = [catalogue[type].schema.meta()?.['examples']].flat()
  return { ...Object(example), type }
}
