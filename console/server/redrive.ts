import * as z from 'zod'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { type AuditAction, audited, type Deed } from '../../lib/operations/audit.ts'
import { repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { isObject } from '../../lib/parse.ts'
import type { AuditOfCell, Letters } from './ports.ts'
import { parse } from './request.ts'
import type { Shelf } from './shelf.ts'
import { shelfFilter } from './shelf-routes.ts'

/** Letters sent back per second. */
const perSecond = 50

const byId = z.object({ queue: z.string().min(1), messageId: z.string().min(1) })

const byIds = z.object({ letters: z.array(byId).min(1).max(10_000) })
const byFilter = z.object({
  filter: shelfFilter,
  /** How many the operator has confirmed, and when those were read (`Shelf.state().at`). */
  count: z.number().int().min(1),
  at: z.iso.datetime(),
})

/** The letters to send back: some by their ids in their queues, or all that match a filter. */
export type Chosen = z.infer<typeof byIds> | z.infer<typeof byFilter>

/** @throws EcosError `invalid-request` */
export function chosenIn(request: unknown): Chosen {
  return isObject(request) && 'filter' in request ? parse(byFilter, request) : parse(byIds, request)
}

/** A message of a queue. */
export type LetterKey = z.infer<typeof byId>

/** The progress of one queue's letters. */
export interface Redriven {
  readonly queue: string
  readonly wanted: number
  readonly done: number
  /** Letters that could not be sent, and are still there. */
  readonly failed: number
  /** Why the latest could not be sent. */
  readonly problem?: string
}

/**
 * The letters that were chosen.
 *
 * @throws EcosError `letters-changed` if other letters match the filter than were confirmed
 */
export function lettersOf(chosen: Chosen, shelf: Shelf): readonly LetterKey[] {
  if ('letters' in chosen) return chosen.letters
  const { filter, count, at } = chosen
  const letters = shelf.matching(filter)
  const state = shelf.state()
  // Letters that were read anew may be others, of the same number.
  if (letters.length === count && state.at === at && !state.isReading) return letters
  throw new EcosError(
    'letters-changed',
    `Other letters match now than the ${count} that were confirmed: look at the list again`,
  )
}

/**
 * Sends letters back to where they came from, queue by queue. Each is sent first and then removed, so
 * an interruption loses none. A letter that can't be sent stays, and the others go on.
 *
 * @param onProgress called with all queues, after each letter
 * @param onSent called with the letters of a queue that were sent back
 * @returns less `done` and `failed` than `wanted` means that letters are gone or hidden by a reader
 */
export async function redrive(
  { boxes }: Letters,
  letters: readonly LetterKey[],
  signal: AbortSignal,
  onProgress: (queues: readonly Redriven[]) => void,
  onSent: (queue: string, messageIds: ReadonlySet<string>) => void = () => undefined,
): Promise<readonly Redriven[]> {
  const byQueue = Map.groupBy(letters, ({ queue }) => queue)
  const queues = [...byQueue].map(([queue, { length }]): Redriven => {
    return { queue, wanted: length, done: 0, failed: 0 }
  })
  for (const [index, { queue }] of queues.entries()) {
    const box = boxes.find(({ name }) => name === queue)
    if (!box || signal.aborted) continue
    const ids = new Set(byQueue.get(queue)?.map(({ messageId }) => messageId))
    const sent = new Set<string>()
    const update = (change: Partial<Redriven>) => {
      queues[index] = { queue, wanted: ids.size, done: 0, failed: 0, ...queues[index], ...change }
      onProgress(queues)
    }
    try {
      await redriveBox(box, ids, signal, sent, update)
    } catch (error) {
      update({ problem: messageOf(error) })
    }
    onSent(queue, sent)
  }
  return queues
}

/** Stops reading the queue when the last chosen letter is sent. */
async function redriveBox(
  box: LetterBox,
  messageIds: ReadonlySet<string>,
  signal: AbortSignal,
  sent: Set<string>,
  update: (change: Partial<Redriven>) => void,
): Promise<void> {
  const complete = new AbortController()
  let failed = 0
  let last = 0
  // The selection is by ids: reasons are not needed.
  await repair(box, { messageIds }, async () => undefined, {
    async act(letter) {
      await letter.sendBack()
      sent.add(letter.messageId)
    },
    perSecond,
    signal: AbortSignal.any([signal, complete.signal]),
    onStuck(_, { message }) {
      failed += 1
      update({ failed, problem: message })
    },
    onProgress(done) {
      if (done !== last) update({ done })
      last = done
      if (done + failed === messageIds.size) complete.abort()
    },
  })
}

const action: AuditAction = 'letters.redrive'

/** Sends letters back, on record: whose they are, why they were dead, and how many went. */
export function redriveOnRecord(
  audit: AuditOfCell,
  chosen: Chosen,
  letters: readonly LetterKey[],
  work: () => Promise<readonly Redriven[]>,
): Promise<readonly Redriven[]> {
  const { filter = onlyQueue(letters) } = 'filter' in chosen ? chosen : {}
  const { tenant, whose = tenant, type, cause, queue } = filter
  const deed: Deed = {
    ...{ action, wanted: letters.length },
    ...(whose && { tenant: whose }),
    ...(type && { eventType: type }),
    ...(cause && { cause }),
    ...(queue && { queue }),
  }
  return audited(audit, deed, work, (queues) => ({
    done: queues.reduce((sum, { done }) => sum + done, 0),
  }))
}

function onlyQueue(letters: readonly LetterKey[]): z.infer<typeof shelfFilter> {
  const queues = new Set(letters.map(({ queue }) => queue))
  const [queue] = queues
  return queues.size === 1 ? { queue } : {}
}
