import { lookAt } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { idMatched, type Selection } from '../../lib/operations/selection.ts'
import { theOne } from '../../lib/operations/short-id.ts'

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
    const { letters } = await lookAt(box, { id }, noReason, {
      limit: Number.POSITIVE_INFINITY,
      signal,
    })
    for (const letter of letters) found.add(idMatched(letter, id) ?? id)
  }
  theOne(id, found)
}
