import { canonicalLocale } from '../../locale.ts'

/** ECOS's default. Every event type has a built-in template in this language. */
const defaultLocale = 'ru'

/**
 * The languages to look for, in order of preference: each tag, then the tag with fewer subtags (`en-GB`,
 * `en`), as in the lookup of RFC 4647 (section 3.4); last the default.
 *
 * @param tags see `canonicalLocale`; unknown ones are ignored
 */
export function localeChain(...tags: readonly (string | undefined)[]): string[] {
  return [...new Set([...tags.flatMap(withFewerSubtags), defaultLocale])]
}

function withFewerSubtags(tag: string | undefined): string[] {
  const subtags = canonicalLocale(tag ?? '')?.split('-') ?? []
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'))
}
