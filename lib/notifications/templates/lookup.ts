import type { ChannelName } from '../../channels/channel.ts'
import { localeChain } from './locale.ts'
import { scopesOf, type TemplateFiles, type TemplateKey, templatePath } from './paths.ts'

/** The criteria for a reader's template. Locales are BCP 47. */
export interface TemplateChoice {
  readonly tenant: string
  readonly channel: ChannelName
  /** The reader's own language, if known. */
  readonly locale?: string | undefined
  readonly tenantLocale?: string | undefined
  /** The name of a template that replaces the event type's own. */
  readonly template?: string | undefined
}

/**
 * All suitable templates, the best first. Content takes precedence over language, language over scope,
 * and scope over channel:
 *
 * 1. the template named by the action, then the event type's
 * 2. the reader's language, the tenant's, Russian
 * 3. the tenant's own, the one for all tenants, the built-in one
 * 4. the channel's, the one for any channel
 */
function candidates(eventType: string, choice: TemplateChoice): TemplateKey[] {
  const { tenant, channel, locale, tenantLocale, template } = choice
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

/** The best existing template. Undefined only for a type without a built-in template. */
export function findTemplate(
  files: TemplateFiles,
  eventType: string,
  choice: TemplateChoice,
): TemplateKey | undefined {
  return candidates(eventType, choice).find((key) => Object.hasOwn(files, templatePath(key)))
}
