import { EcosError, messageOf } from '../../errors.ts'

/** What one look found. `skipped`: not looked at, and the text says what it would take. */
export interface Finding {
  readonly subject: string
  readonly state: 'ok' | 'wrong' | 'skipped'
  /** What was found; where it is wrong, also what to do. One line. */
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

/** What a look brought, or the finding that it failed. */
export type Attempt<Result> = { readonly result: Result } | { readonly finding: Finding }

/** A doctor goes on: a look that fails is a finding. */
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

/** @param found what there is to say of what `look` brought */
export async function examine<Result>(
  subject: string,
  look: () => Promise<Result>,
  found: (result: Result) => Finding | readonly Finding[],
): Promise<readonly Finding[]> {
  const attempted = await attempt(subject, look)
  return 'finding' in attempted ? [attempted.finding] : [found(attempted.result)].flat()
}

/** The first few of a list, for one line. */
export function few(names: readonly string[], most = 5): string {
  const rest = names.length - most
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
