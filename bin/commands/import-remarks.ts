import type { Remark } from '../../lib/notifications/subscriptions/old-action.ts'
import { fault } from '../say.ts'
import { note } from './text.ts'

/**
 * Says what was found in a file that is imported.
 *
 * @returns how many of its entries are refused
 * @throws EcosError `import-refused` if some are, unless they are to be skipped
 */
export function tellRemarks(
  file: string,
  remarks: readonly Remark[],
  { skipRefused = false }: { readonly skipRefused?: boolean },
): number {
  for (const { of, place, text } of remarks) note(`${file} ${place}: ${of}: ${text}`)
  const refused = remarks.filter(({ of }) => of === 'refused').length
  if (refused > 0 && !skipRefused) {
    throw fault(
      'import-refused',
      "Nothing was written, since {refused} can't be imported: correct them, or add --skip-refused",
      { refused },
    )
  }
  return refused
}
