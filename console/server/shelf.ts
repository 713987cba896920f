import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import { type Group, groupLetters, idMatched } from '../../lib/operations/selection.ts'
import { type Fault, faultOf } from './fault.ts'
import { knownReasons } from './known-reasons.ts'
import type { ConsolePorts, Letters } from './ports.ts'
import { isMeant, type ShelfFilter, shortName } from './shelf-filter.ts'
import { type ShelvedLetter, shelved } from './shelved-letter.ts'

/** Letters read from each queue, at most. */
export const maxPerQueue = 10_000

/** Milliseconds for reading all queues. A slow one is listed in part. */
const readFor = 300_000

/** Characters of all bodies together that are kept in memory. */
const maxBodies = 100_000_000

/** The letters of a cell as they were read last: the page pages and filters them without reading the queues anew. */
export interface Shelf {
  /**
   * Reads the queues, once for each time that is given: a page asks with the same one until it wants newer letters.
   * Joins a reading that is under way. The letters that were read before stay until it is done.
   *
   * @param since epoch milliseconds
   */
  readSince(since: number): void
  readonly state: () => {
    readonly isReading: boolean
    /** Letters read so far, or at last. */
    readonly read: number
    /** ISO 8601: when the reading began that is shown. */
    readonly at?: string | undefined
    /** When it ended. */
    readonly until?: string | undefined
    /** Whether queues hold letters that were not read. */
    readonly more: boolean
    readonly problems: readonly Fault[]
  }
  /** The newest first. */
  matching(filter: ShelfFilter): readonly ShelvedLetter[]
  groups(filter: ShelfFilter): readonly Group[]
  /** The queues of letters that match, without the cell's prefix. */
  queues(filter: ShelfFilter): readonly string[]
  find(queue: string, messageId: string): ShelvedLetter | undefined
  /** Those of an event, a notification or a message of the tenant. */
  about(id: string, tenant?: string): readonly ShelvedLetter[]
  /** Forgets letters that are gone. */
  remove(queue: string, messageIds: ReadonlySet<string>): void
  /** Resolves when no reading is under way. */
  settled(): Promise<void>
  close(): Promise<void>
}

interface Reading {
  readonly at: string
  until?: string
  letters: ShelvedLetter[]
  more: boolean
  problems: readonly Fault[]
  /** Characters that may still be kept. */
  room: number
}

export function createShelf(cell: string, ports: Pick<ConsolePorts, 'withLetters'>): Shelf {
  let shown: Reading | undefined
  let under: { reading: Reading; over: Promise<void> } | undefined
  let wanted = 0
  const ending = new AbortController()

  const readAll = async (reading: Reading) => {
    try {
      await ports.withLetters(cell, (letters) => readInto(reading, letters, ending.signal))
    } catch (error) {
      reading.problems = [...reading.problems, faultOf('queues', error)]
    }
    reading.letters.sort(byTime)
    reading.until = new Date().toISOString()
    shown = reading
    under = undefined
  }
  const current = () => shown ?? under?.reading
  const matching = (filter: ShelfFilter) => current()?.letters.filter(isMeant(filter, cell)) ?? []
  return {
    readSince(since) {
      if (since <= wanted) return
      wanted = since
      if (under) return
      const at = new Date().toISOString()
      const reading: Reading = { at, letters: [], more: false, problems: [], room: maxBodies }
      under = { reading, over: readAll(reading) }
    },
    state() {
      const { at, until, more = false, problems = [] } = current() ?? {}
      const read = (under?.reading ?? shown)?.letters.length ?? 0
      return { isReading: under !== undefined, read, at, until, more, problems }
    },
    // While the first reading is under way, its letters are not sorted yet.
    matching: (filter) => matching(filter).toSorted(byTime),
    groups: (filter) => groupLetters(matching(filter)),
    queues(filter) {
      const names = new Set(matching(filter).map(({ queue }) => queue))
      return [...names].map((name) => shortName(name, cell)).sort()
    },
    find: (queue, messageId) =>
      current()?.letters.find((one) => one.queue === queue && one.messageId === messageId),
    about: (id, tenant) => matching({ tenant }).filter((one) => idMatched(one, id) !== undefined),
    remove(queue, messageIds) {
      if (!shown) return
      shown.letters = shown.letters.filter(
        (one) => one.queue !== queue || !messageIds.has(one.messageId),
      )
    },
    async settled() {
      await under?.over
    },
    async close() {
      ending.abort()
      await under?.over
    },
  }
}

function byTime(one: DeadLetter, other: DeadLetter): number {
  return other.sentAt.getTime() - one.sentAt.getTime()
}

async function readInto(
  reading: Reading,
  { boxes, reasonOf, problems }: Letters,
  ending: AbortSignal,
): Promise<void> {
  const { reasonIfKnown, faults } = knownReasons(reasonOf)
  reading.problems = problems
  const signal = AbortSignal.any([AbortSignal.timeout(readFor), ending])
  const onLetters = (some: readonly DeadLetter[]) => {
    for (const one of some) {
      const letter = shelved(one, reading.room)
      reading.room -= letter.body.length
      reading.letters.push(letter)
    }
  }
  await Promise.all(
    boxes.map(async (box) => {
      try {
        const bounds = { limit: maxPerQueue, signal, onLetters }
        const { more } = await lookAt(box, {}, reasonIfKnown, bounds)
        reading.more ||= more
      } catch (error) {
        reading.problems = [...reading.problems, faultOf(box.name, error)]
      }
    }),
  )
  reading.problems = [...reading.problems, ...faults()]
}
