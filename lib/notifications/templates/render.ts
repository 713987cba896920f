import type { Liquid } from 'liquidjs'
import { EcosError } from '../../errors.ts'
import { cut } from '../../text.ts'
import { bounded, limits, oneLine } from './bounds.ts'
import { createEngines, type Engines } from './engine.ts'
import { factsOf, type NotedFact } from './fact.ts'
import { faultsOf, TemplateError } from './faults.ts'
import { findTemplate, type TemplateChoice } from './lookup.ts'
import {
  htmlPath,
  layoutPath,
  scopesOf,
  type TemplateFiles,
  type TemplateKey,
  templatePath,
} from './paths.ts'
import { plainText } from './plain-text.ts'
import { withRecordAttributes } from './record-attributes.ts'
import { splitSource } from './source.ts'
import { boundedContext, templateSteps } from './steps.ts'

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
}

/** The reader and the channel for whom an event is rendered. */
export interface RenderOptions extends TemplateChoice {
  /** IANA, such as `Europe/Moscow`, for dates; UTC by default. */
  readonly timeZone?: string | undefined
  /** The values that the subscription's action takes from the event. */
  readonly customData: Readonly<Record<string, unknown>>
}

/**
 * Renders the template that `options` choose (lookup.ts), with `event`, `customData`, `tenant`,
 * `locale` and `timeZone` as its model.
 *
 * @throws EcosError `template-failed`, with file, line and column; `notification-too-large` if the
 *   HTML, which can't be cut, exceeds its limit; `no-template` for a type without a built-in template
 */
export type Render = (
  kind: { readonly type: string },
  data: object,
  options: RenderOptions,
) => Content

/** @param files all templates; each tenant's engines are created on first use */
export function createRender(files: TemplateFiles): Render {
  const engines = new Map<string, Engines>()
  return (kind, data, options) => {
    const { tenant } = options
    const template = findTemplate(files, kind.type, options)
    if (!template) throw new EcosError('no-template', `No template for the event type ${kind.type}`)

    const ofTenant = engines.get(tenant) ?? createEngines(files, tenant)
    engines.set(tenant, ofTenant)
    return renderTemplate(files, ofTenant, template, data, options)
  }
}

/** Renders the given template. */
export function renderTemplate(
  files: TemplateFiles,
  engines: Engines,
  template: TemplateKey,
  data: object,
  reader: Pick<RenderOptions, 'tenant' | 'timeZone' | 'customData'>,
): Content {
  const { tenant, timeZone = 'UTC', customData } = reader
  const { locale } = template
  const path = templatePath(template)
  const source = splitSource(files[path] ?? '')
  const event = withRecordAttributes(bounded(data) as object)
  const model = { event, customData: bounded(customData), tenant, locale, timeZone }
  const title = run(files, engines.text, path, source.title, model).text
  const { text, facts } = run(files, engines.text, path, source.body, model)
  const htmlModel = { ...model, title: cut(oneLine(title), limits.title), text: prose(text), facts }
  return {
    locale,
    // HTML that a person wrote is shown as it was written in HTML, and without its tags elsewhere.
    title: oneLine(plainText(htmlModel.title)),
    text: cut(plainText(textOf(htmlModel)), limits.text),
    html: htmlOf(files, engines, template, htmlModel),
  }
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
): { text: string; facts: NotedFact[] } {
  try {
    const template = engine.parse(source, path)
    const context = boundedContext(engine, model, templateSteps)
    return { text: String(engine.renderSync(template, context)), facts: factsOf(context) }
  } catch (error) {
    throw new TemplateError(faultsOf(error, path, files), { files, model })
  }
}
