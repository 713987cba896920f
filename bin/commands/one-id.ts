import { EcosError } from '../../lib/errors.ts'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { idMatched, type Selection } from '../../lib/operations/selection.ts'

/**
 * Makes sure that a short id stands for one event, notification or message before letters are changed.
 *
 * @throws EcosError `ambiguous-id`
 */
export async function requireOneId(
  boxes: readonly LetterBox[],
  { id }: Selection,
  signal: AbortSignal,
): Promise<void> {
  if (id === undefined) return
  const found = new Set<string>()
  for (const box of boxes) {
    const noReason = async () => undefined
    const { letters } = await lookAt(box, { id }, noReason, Number.POSITIVE_INFINITY, signal)
    for (const letter of letters) found.add(idMatched(letter, id) ?? id)
  }
  if (found.size < 2) return
  const ids = [...found].slice(0, 5).join(', ')
  throw new EcosError('ambiguous-id', `${id} is the start of ${found.size} ids: give one of ${ids}`)
}
