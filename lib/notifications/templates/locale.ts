/** The languages that the built-in templates speak. */
export const locales = ['ru', 'en'] as const
export type Locale = (typeof locales)[number]

/** A text in each language. */
export type Texts = Readonly<Record<Locale, string>>

/** ECOS's own default. */
export const defaultLocale = 'ru' satisfies Locale

/** @param tags BCP 47, the most wanted first; a tag that is no tag counts as none */
export function resolveLocale(...tags: readonly (string | undefined)[]): Locale {
  for (const tag of tags) {
    const known = locales.find((locale) => locale === languageOf(tag))
    if (known) return known
  }
  return defaultLocale
}

function languageOf(tag: string | undefined): string | undefined {
  try {
    return tag && new Intl.Locale(tag).language
  } catch {
    return undefined
  }
}
