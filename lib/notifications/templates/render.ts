import { EcosError } from '../../errors.ts'
import { cut, limits, oneLine } from './bounds.ts'
import { renderHtml, renderText } from './engine.ts'
import { htmlBody, textBody } from './layout.ts'
import type { Locale, Texts } from './locale.ts'

/** One thing that the event knows, as a person reads it. */
export interface Fact {
  readonly label: string
  readonly value: string
}

/** How one event type is told. `title` and `lead` are Liquid and name what `model` gives. */
export interface EventTemplate<Data> {
  readonly title: Texts
  /** The first sentence of the body. */
  readonly lead: Texts
  model(
    data: Data,
    locale: Locale,
  ): { readonly facts: readonly Fact[]; readonly [name: string]: unknown }
}

/** What a person is told, the same in text and in HTML. */
export interface Content {
  readonly locale: Locale
  /** One line of at most 200 characters. */
  readonly title: string
  /** At most 20,000 characters. */
  readonly text: string
  /** At most 100,000 characters. */
  readonly html: string
}

/** @throws EcosError `notification-too-large` where the HTML, which can't be cut, is over its limit */
export function render<Data>(template: EventTemplate<Data>, data: Data, locale: Locale): Content {
  const model = template.model(data, locale)
  const title = cut(oneLine(renderText(template.title[locale], model)), limits.title)
  const lead = renderText(template.lead[locale], model)
  const body = { ...model, locale, title, lead }
  const html = renderHtml(htmlBody, body)
  if (html.length > limits.html) {
    const problem = `${html.length} characters of HTML, and a notification takes ${limits.html}`
    throw new EcosError('notification-too-large', `The template makes ${problem}`)
  }
  return { locale, title, text: cut(renderText(textBody, body), limits.text), html }
}
