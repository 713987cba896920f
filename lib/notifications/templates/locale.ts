/** ECOS's own default, and the language in which every event type has a built-in template. */
const defaultLocale = 'ru'

/**
 * The languages to look for, the most wanted first: each tag, then the same with fewer subtags
 * (`en-GB`, `en`), as RFC 4647 (section 3.4) looks up; last the default.
 *
 * @param tags BCP 47; what is no tag counts for nothing
 */
export function localeChain(...tags: readonly (string | undefined)[]): string[] {
  return [...new Set([...tags.flatMap(withFewerSubtags), defaultLocale])]
}

function withFewerSubtags(tag: string | undefined): string[] {
  const subtags = canonicalLocale(tag)?.split('-') ?? []
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'))
}

/** The tag in its canonical form (`EN-gb` is `en-GB`); undefined for what is no tag. */
export function canonicalLocale(tag: string | undefined): string | undefined {
  try {
    return tag === undefined ? undefined : Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
