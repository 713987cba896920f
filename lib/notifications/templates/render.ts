import type { Liquid } from 'liquidjs'
import type { MailParts, MessageDetails, MessageLink } from '../../channels/message-parts.ts'
import { EcosError } from '../../errors.ts'
import type { MessageSettings } from '../../tenants/messages.ts'
import { cut } from '../../text.ts'
import { bounded, limits, oneLine } from './bounds.ts'
import { brandOf } from './brand.ts'
import { createEngines, type Engines } from './engine.ts'
import { eventFactsOf } from './event-facts.ts'
import { factsOf, type NotedFact } from './fact.ts'
import { faultsOf, TemplateError } from './faults.ts'
import { findTemplate, type TemplateChoice } from './lookup.ts'
import { linkOf, partsFor } from './message-parts.ts'
import { modelOf, type Reader } from './model.ts'
import {
  htmlPath,
  layoutPath,
  scopesOf,
  type TemplateFiles,
  type TemplateKey,
  templatePath,
} from './paths.ts'
import { plainText } from './plain-text.ts'
import { shortLine } from './short.ts'
import { splitSource } from './source.ts'
import { boundedContext, templateSteps } from './steps.ts'
import { whyIn } from './words.ts'

/** A rendered notification, the same in text and in HTML. */
export interface Content {
  /** BCP 47: the language of the chosen template. */
  readonly locale: string
  /** One line of at most 200 characters. */
  readonly title: string
  /** At most 20,000 characters. */
  readonly text: string
  /** At most 100,000 characters. */
  readonly html: string
  /** One line for channels with little room; none if the template was written for the channel alone. */
  readonly short?: string
  /** Missing if the tenant names no web client. */
  readonly link?: MessageLink
  /** For e-mail. */
  readonly mail?: MailParts
  /** For webhooks. */
  readonly details?: MessageDetails
}

/** The reader and the channel for whom an event is rendered. */
export interface RenderOptions extends Reader, TemplateChoice {}

/**
 * Renders the template that `options` choose (lookup.ts), with the model of model.ts.
 *
 * @throws EcosError `template-failed`, with file, line and column; `notification-too-large` if the
 *   HTML, which can't be cut, exceeds its limit; `no-template` for a type without a built-in template
 */
export type Render = (
  kind: { readonly type: string },
  data: object,
  options: RenderOptions,
) => Content

/**
 * @param files all templates; each tenant's engines are created on first use
 * @param settingsOf how messages to a tenant's people look, and where they lead
 */
export function createRender(
  files: TemplateFiles,
  settingsOf: (tenant: string) => MessageSettings = () => ({}),
): Render {
  const engines = new Map<string, Engines>()
  return ({ type }, data, options) => {
    const { tenant } = options
    const template = findTemplate(files, type, options)
    if (!template) throw new EcosError('no-template', `No template for the event type ${type}`)

    const ofTenant = engines.get(tenant) ?? createEngines(files, tenant)
    engines.set(tenant, ofTenant)
    const { channel } = options
    const event = { type, data }
    const reader = { ...options, channel, settings: settingsOf(tenant) }
    return renderTemplate(files, ofTenant, template, event, reader)
  }
}

/** Renders the given template. */
export function renderTemplate(
  files: TemplateFiles,
  engines: Engines,
  template: TemplateKey,
  event: { readonly type: string; readonly data: object },
  reader: Reader &
    Partial<Pick<RenderOptions, 'channel'>> & { readonly settings?: MessageSettings },
): Content {
  const { settings = {}, people = {}, channel = 'email' } = reader
  const { locale } = template
  const { type } = event
  const path = templatePath(template)
  const source = splitSource(files[path] ?? '')
  const data = bounded(event.data) as object
  const about = { type, data, facts: eventFactsOf(data), settings, locale, people }
  const link = linkOf(about)
  const parts = partsFor(channel, about)
  const model = modelOf(about, link, reader)
  const title = run(files, engines.text, path, source.title, model).text
  const body = run(files, engines.text, path, source.body, model)
  const text = prose(body.text)
  const { facts } = body
  const htmlModel = {
    ...model,
    title: cut(oneLine(title), limits.title),
    text,
    facts,
    open: link?.label ?? '',
    why: whyIn(locale, type),
    brand: brandOf(settings),
  }
  const whole = cut(plainText(textOf({ text, facts })), limits.text)
  return {
    locale,
    // HTML that a person wrote is shown as it was written in HTML, and without its tags elsewhere.
    title: oneLine(plainText(htmlModel.title)),
    text: whole,
    html: htmlOf(files, engines, template, htmlModel),
    ...(template.channel === 'any' && { short: body.short ?? firstLine(whole) }),
    ...(link && { link }),
    ...parts,
  }
}

function firstLine(text: string): string {
  return cut(oneLine(text.trim().split('\n', 1).join('')), limits.title)
}

/** The template's own HTML, or the layout around its text. */
function htmlOf(
  files: TemplateFiles,
  engines: Engines,
  template: TemplateKey,
  model: { readonly tenant: string },
): string {
  const own = htmlPath(template)
  const hasOwn = Object.hasOwn(files, own)
  const layouts = scopesOf(model.tenant).map(layoutPath)
  const path = hasOwn ? own : (layouts.find((layout) => Object.hasOwn(files, layout)) ?? '')
  const engine = hasOwn ? engines.html : engines.page
  const { text: html } = run(files, engine, path, files[path] ?? '', model)
  if (html.length <= limits.html) return html
  throw new EcosError(
    'notification-too-large',
    `${templatePath(template)} renders ${html.length} characters of HTML; the limit is ${limits.html}`,
  )
}

/** The text, followed by its facts, each on a line. */
function textOf({ text, facts }: { text: string; facts: readonly NotedFact[] }): string {
  const list = facts.map(({ label, value }) => `${label}: ${value}`).join('\n')
  const parts = [text, list].filter((part) => part !== '')
  return cut(`${parts.join('\n\n')}\n`, limits.text)
}

/** Removes the blank lines that tags leave. */
function prose(text: string): string {
  return cut(text.trim().replace(/\n\s*\n/g, '\n\n'), limits.text)
}

/** Parses at each rendering: a template is small, and LiquidJS caches its parts. */
function run(
  files: TemplateFiles,
  engine: Liquid,
  path: string,
  source: string,
  model: object,
): { text: string; facts: NotedFact[]; short: string | undefined } {
  try {
    const template = engine.parse(source, path)
    const context = boundedContext(engine, model, templateSteps)
    const text = String(engine.renderSync(template, context))
    const short = shortLine(context)
    return { text, facts: factsOf(context), short: short && oneLine(plainText(short)) }
  } catch (error) {
    throw new TemplateError(faultsOf(error, path, files), { files, model })
  }
}
