import { type ChannelName, channelNames } from '../../channels/channel.ts'
import { canonicalLocale } from '../../locale.ts'
import { tenantName } from '../../tenant-name.ts'

/** The contents of template files by path: `acme/task.create/email.ru.liquid`. */
export type TemplateFiles = Readonly<Record<string, string>>

/** The scope of the built-in templates, the last fallback. */
export const builtIn = '_built-in'
/** The scope of an operator's templates for all tenants. */
export const allTenants = '_all'

/** Bytes of a folder's name that every file system and archive takes. */
const maxFolderLength = 200

/** The scope of a tenant's own templates. */
export function tenantFolder(tenant: string): string {
  return tenantName(tenant, maxFolderLength)
}

/** The scopes to search for a tenant's templates, in order. */
export function scopesOf(tenant: string): string[] {
  return [tenantFolder(tenant), allTenants, builtIn]
}

/** A template's name, language and channel, or `any` channel. */
export interface TemplateKey {
  readonly scope: string
  /** An event type, or a name that subscriptions' actions use. */
  readonly name: string
  readonly channel: ChannelName | 'any'
  readonly locale: string
}

export function templatePath({ scope, name, channel, locale }: TemplateKey): string {
  return `${scope}/${name}/${channel}.${locale}.liquid`
}

/** The file beside a template for its own HTML. */
export function htmlPath(template: TemplateKey): string {
  return templatePath(template).replace(/liquid$/, 'html.liquid')
}

/** The page for templates without their own HTML. */
export function layoutPath(scope: string): string {
  return `${scope}/layout.html.liquid`
}

/** The name of such a folder: no template can have it. */
export const partsName = 'parts'

/** The folder of parts that the scope's templates include: `{% include 'task.ru' %}`. */
export function partsFolder(scope: string): string {
  return `${scope}/${partsName}`
}

export type TemplatePath =
  | { readonly kind: 'template' | 'html'; readonly key: TemplateKey }
  | { readonly kind: 'layout' | 'part' }
  | { readonly kind: 'unknown'; readonly problem: string }

const shapes =
  '<tenant or _all>/<event type or template>/<channel or any>.<locale>.liquid or .html.liquid, ' +
  '<tenant or _all>/parts/<part>.liquid, or <tenant or _all>/layout.html.liquid'

/** Parses the path of a file; an `unknown` one carries the problem. */
export function parsePath(path: string): TemplatePath {
  const [scope = '', name = '', file, ...deeper] = path.split('/')
  if (path === layoutPath(scope)) return { kind: 'layout' }
  const parts = file?.match(/^(?<channel>[^.]+)\.(?<locale>[^.]+)(?<html>\.html)?\.liquid$/)?.groups
  if (name === partsName && file?.endsWith('.liquid') && deeper.length === 0)
    return { kind: 'part' }
  if (!parts || deeper.length > 0) return unknown(`matches none of ${shapes}`)

  const { channel = '', locale = '', html } = parts
  if (!isTemplateChannel(channel)) {
    return unknown(`"${channel}" is not a channel: use any, ${channelNames.join(', ')}`)
  }
  if (canonicalLocale(locale) !== locale) {
    const written = canonicalLocale(locale)
    return unknown(
      `"${locale}" is not a language tag such as ru or en-GB${written ? `: write ${written}` : ''}`,
    )
  }
  return { kind: html ? 'html' : 'template', key: { scope, name, channel, locale } }
}

function isTemplateChannel(name: string): name is TemplateKey['channel'] {
  return name === 'any' || channelNames.some((channel) => channel === name)
}

function unknown(problem: string): TemplatePath {
  return { kind: 'unknown', problem }
}
