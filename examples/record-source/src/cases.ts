/** A case. A real service reads it from a database. */
export interface Case {
  readonly case: { readonly title: string; readonly stage: string }
  readonly author: { readonly userName: string; readonly email: string }
}

const cases = new Map<string, Case>([
  [
    'cases@1',
    {
      case: { title: 'Lease of an office', stage: 'draft' },
      author: { userName: 'ivanov', email: 'ivanov@acme.example' },
    },
  ],
  [
    'cases@2',
    {
      case: { title: 'Purchase of paper', stage: 'draft' },
      author: { userName: 'petrova', email: 'petrova@acme.example' },
    },
  ],
])

export const records = [...cases.keys()]

/** The next stage of a case, or the first one again. */
export function advance(record: string): void {
  const found = cases.get(record)
  if (found === undefined) return
  const stages = ['draft', 'review', 'signed']
  const stage = stages[(stages.indexOf(found.case.stage) + 1) % stages.length] ?? 'draft'
  cases.set(record, { ...found, case: { ...found.case, stage } })
}

/**
 * Loads attributes of several records at once: in yours, by one query. Called only with what somebody
 * wants, and with each record and each path once.
 */
export async function loadAttributes(
  records: readonly string[],
  paths: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  return new Map(
    records.map((record) => {
      const found = cases.get(record)
      return [record, Object.fromEntries(paths.map((path) => [path, valueAt(found, path)]))]
    }),
  )
}

/** Unknown attributes are null: a listener may request anything. */
function valueAt(of: unknown, path: string): unknown {
  const names = path.replace(/\?\w+$/, '').split('.')
  return names.reduce<unknown>(fieldOf, of) ?? null
}

function fieldOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isObject ? (value as Record<string, unknown>)[name] : undefined
}
