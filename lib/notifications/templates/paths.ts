import { type ChannelName, channelNames } from '../../channels/channel.ts'
import { canonicalLocale } from './locale.ts'

/** Template files by their paths: `acme/task.create/email.ru.liquid` → what stands in it. */
export type TemplateFiles = Readonly<Record<string, string>>

/** The scope of our own templates, with which every fallback ends. */
export const builtIn = '_built-in'
/** The scope of an operator's templates for all tenants. */
export const allTenants = '_all'

/** Where a tenant's templates are looked for, the first that has one first. */
export function scopesOf(tenant: string): string[] {
  return [...new Set([tenant, allTenants, builtIn])]
}

/** A template says one thing in one language, for one channel or for any. */
export interface TemplateKey {
  readonly scope: string
  /** An event type, or a name that subscriptions' actions give. */
  readonly name: string
  readonly channel: ChannelName | 'any'
  readonly locale: string
}

export function templatePath({ scope, name, channel, locale }: TemplateKey): string {
  return `${scope}/${name}/${channel}.${locale}.liquid`
}

/** The HTML of a template that has its own, beside it. */
export function htmlPath(template: TemplateKey): string {
  return templatePath(template).replace(/liquid$/, 'html.liquid')
}

/** The page around the HTML of those that have none. */
export function layoutPath(scope: string): string {
  return `${scope}/layout.html.liquid`
}

/** The folder of what the templates of the scope include: `{% include 'task.ru' %}`. */
export function partsFolder(scope: string): string {
  return `${scope}/parts`
}

export type TemplatePath =
  | { readonly kind: 'template' | 'html'; readonly key: TemplateKey }
  | { readonly kind: 'layout' | 'part' }
  | { readonly kind: 'unknown'; readonly problem: string }

const shapes =
  '<tenant or _all>/<event type or template>/<channel or any>.<locale>.liquid or .html.liquid, ' +
  '<tenant or _all>/parts/<part>.liquid, or <tenant or _all>/layout.html.liquid'

/** Says what a file is by its path, or what is wrong with the path. */
export function parsePath(path: string): TemplatePath {
  const [scope = '', name = '', file, ...deeper] = path.split('/')
  if (path === layoutPath(scope)) return { kind: 'layout' }
  const parts = file?.match(/^(?<channel>[^.]+)\.(?<locale>[^.]+)(?<html>\.html)?\.liquid$/)?.groups
  if (name === 'parts' && file?.endsWith('.liquid') && deeper.length === 0) return { kind: 'part' }
  if (!parts || deeper.length > 0) return unknown(`is none of ${shapes}`)

  const { channel = '', locale = '', html } = parts
  if (!isTemplateChannel(channel)) {
    return unknown(`"${channel}" is not a channel; there are any, ${channelNames.join(', ')}`)
  }
  if (canonicalLocale(locale) !== locale) {
    return unknown(`"${locale}" is not a language tag such as ru or en-GB`)
  }
  return { kind: html ? 'html' : 'template', key: { scope, name, channel, locale } }
}

function isTemplateChannel(name: string): name is TemplateKey['channel'] {
  return name === 'any' || channelNames.some((channel) => channel === name)
}

function unknown(problem: string): TemplatePath {
  return { kind: 'unknown', problem }
}
