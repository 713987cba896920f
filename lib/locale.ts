import * as z from 'zod'
import { late } from './late.ts'

/** The encoding of a POSIX locale, which says nothing about the language: `en_US.UTF-8`. */
const encoding = /\.[A-Za-z0-9-]+$/

/**
 * Codes with a name that stand for no language, script or region of a person: several or none, pseudo-locales
 * for tests, what is unknown or not written.
 */
const nobodys = {
  language: ['mis', 'mul', 'und', 'zxx'],
  script: ['Zinh', 'Zmth', 'Zsye', 'Zsym', 'Zxxx', 'Zyyy', 'Zzzz'],
  region: ['QO', 'XA', 'XB', 'ZZ'],
}

/**
 * A language tag (BCP 47) in its canonical form. Also understands POSIX locales: `ru_ru` is `ru-RU`.
 *
 * @returns undefined if the text is no tag, or has a language, script or region that no person has
 */
export function canonicalLocale(text: string): string | undefined {
  try {
    const locale = new Intl.Locale(text.trim().replace(encoding, '').replaceAll('_', '-'))
    const { language, script, region } = locale
    const isKnown =
      isNamed('language', language) &&
      (script === undefined || isNamed('script', script)) &&
      (region === undefined || isNamed('region', region))
    return isKnown ? locale.toString() : undefined
  } catch {
    return undefined
  }
}

/** Of nearly every person. A process that looks for names only here does without ICU's, which take 12 ms to load. */
const familiar = new Set(['ru', 'en', 'RU', 'GB', 'US'])

/** By type: making one takes far longer than a look at it, and a file names thousands of locales. */
const displayNames = new Map<keyof typeof nobodys, Intl.DisplayNames>()

function isNamed(type: keyof typeof nobodys, code: string): boolean {
  if (familiar.has(code)) return true
  if (nobodys[type].includes(code)) return false
  const known = displayNames.get(type)
  const names = known ?? new Intl.DisplayNames('en', { type, fallback: 'none' })
  displayNames.set(type, names)
  return names.of(code) !== undefined
}

/** A language as people write it; parsed, its canonical tag. */
export const localeField = late(() =>
  z.string().transform((text, context) => {
    const tag = canonicalLocale(text)
    if (tag !== undefined) return tag
    context.addIssue('is not a known language tag: write ru, en or en-US')
    return z.NEVER
  }),
)
