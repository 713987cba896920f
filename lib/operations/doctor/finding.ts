import { EcosError, messageOf } from '../../errors.ts'

/** What mends a difference between the cell and tenants.yml. */
export const deploy = 'deploy the cell (npx osls deploy --stage <cell>)'

/** The outcome of one check. `skipped`: the text says what the check would need. */
export interface Finding {
  readonly subject: string
  readonly state: 'ok' | 'wrong' | 'skipped'
  /** One line: what was found and, if it is wrong, what to do. */
  readonly text: string
}

export function ok(subject: string, text: string): Finding {
  return { subject, state: 'ok', text }
}

export function wrong(subject: string, text: string): Finding {
  return { subject, state: 'wrong', text }
}

export function skipped(subject: string, text: string): Finding {
  return { subject, state: 'skipped', text }
}

/** The result of a check, or the finding that it failed. */
export type Attempt<Result> = { readonly result: Result } | { readonly finding: Finding }

/** Turns a failed check into a finding, so that the other checks go on. */
export async function attempt<Result>(
  subject: string,
  look: () => Promise<Result> | Result,
): Promise<Attempt<Result>> {
  try {
    return { result: await look() }
  } catch (error) {
    const code = error instanceof EcosError ? ` (${error.code})` : ''
    return { finding: wrong(subject, `${messageOf(error)}${code}`) }
  }
}

/** @param found turns the result of `look` into findings */
export async function examine<Result>(
  subject: string,
  look: () => Promise<Result>,
  found: (result: Result) => Finding | readonly Finding[],
): Promise<readonly Finding[]> {
  const attempted = await attempt(subject, look)
  return 'finding' in attempted ? [attempted.finding] : [found(attempted.result)].flat()
}

/** The first few of a list, for one line. */
export function few(names: readonly string[], limit = 5): string {
  const rest = names.length - limit
  return names.slice(0, limit).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
