import type { ChannelName } from '../../channels/channel.ts'
import { localeChain } from './locale.ts'
import { scopesOf, type TemplateFiles, type TemplateKey, templatePath } from './paths.ts'

/** What a reader's template is chosen by. Locales are BCP 47. */
export interface Wanted {
  readonly tenant: string
  readonly channel: ChannelName
  /** The reader's own language, where it is known. */
  readonly locale?: string | undefined
  readonly tenantLocale?: string | undefined
  /** A template by name, in place of the event type's own. */
  readonly template?: string | undefined
}

/**
 * Everything that would do, the best first. What is said comes before the language, that before
 * whose template it is, and that before the channel:
 *
 * 1. the template that is asked for by name, then the event type's
 * 2. the reader's language, the tenant's, Russian
 * 3. the tenant's own, the one for all tenants, the built-in
 * 4. the channel's, the one for any
 */
function candidates(eventType: string, wanted: Wanted): TemplateKey[] {
  const { tenant, channel, locale, tenantLocale, template } = wanted
  const names = template === undefined ? [eventType] : [template, eventType]
  const locales = localeChain(locale, tenantLocale)
  return names.flatMap((name) =>
    locales.flatMap((locale) =>
      scopesOf(tenant).flatMap((scope) =>
        ([channel, 'any'] as const).map((channel) => ({ scope, name, channel, locale })),
      ),
    ),
  )
}

/** The first that there is. Undefined only for a type without a built-in template. */
export function findTemplate(
  files: TemplateFiles,
  eventType: string,
  wanted: Wanted,
): TemplateKey | undefined {
  return candidates(eventType, wanted).find((key) => Object.hasOwn(files, templatePath(key)))
}
