import { fill } from '../../../../lib/fill.ts'
import { liquidOf } from '../../../../lib/notifications/ecos-templates/chunks.ts'
import { createLibrary } from '../../../../lib/notifications/ecos-templates/library.ts'
import { textOf } from '../../../../lib/notifications/ecos-templates/text-of.ts'
import { translate } from '../../../../lib/notifications/ecos-templates/translate.ts'
import { parse } from '../../../../lib/notifications/freemarker/parse.ts'
import { placeOf } from '../../../../lib/notifications/freemarker/source.ts'
import { createEngines } from '../../../../lib/notifications/templates/engine.ts'
import { modelOf } from '../../../../lib/notifications/templates/model.ts'

interface Options {
  /** Attributes by name. */
  readonly model?: Readonly<Record<string, string>>
  /** The record's attributes in the event. */
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly customData?: Readonly<Record<string, unknown>>
  readonly event?: object
  /** Other artifacts' templates by id. */
  readonly others?: Readonly<Record<string, string>>
  readonly record?: string
}

const engines = createEngines({}, 'acme')

function translated(text: string, { model = {}, others = {}, record = '' }: Options) {
  const source = (file: string, content: string) => ({ file, text: content })
  const find = (id: string) => {
    const other = others[id]
    return other === undefined ? undefined : source(id, other)
  }
  return translate(parse(source('new.ftl', text)), {
    model: { attributes: model, record },
    library: createLibrary(find),
    config: { 'app/desk$reply': 'help@acme.example' },
    title: 'The title',
  })
}

/** The template in Liquid. */
export function inLiquid(text: string, options: Options = {}): string {
  const { chunks, faults } = translated(text, options)
  if (faults.length > 0) throw faults[0]
  return liquidOf(chunks)
}

/** What is wrong with the template, each with its place. */
export function faultsOf(text: string, options: Options = {}): string[] {
  return translated(text, options).faults.map(({ at, message }) => `${placeOf(at)}: ${message}`)
}

export function notesOf(text: string, options: Options = {}): string[] {
  return translated(text, options).notes.map(
    ({ at, problem, values }) => `${placeOf(at)}: ${fill(problem, values)}`,
  )
}

/** What arrives of the template in HTML. */
export function rendered(text: string, options: Options = {}): string {
  return String(engines.html.parseAndRenderSync(inLiquid(text, options), contextOf(options)))
}

/** What arrives of the template as text. */
export function renderedText(text: string, options: Options = {}): string {
  const { chunks, faults } = translated(text, options)
  if (faults.length > 0) throw faults[0]
  return String(engines.text.parseAndRenderSync(textOf(chunks), contextOf(options)))
}

function contextOf({ attributes = {}, customData = {}, event = {} }: Options): object {
  const data = { docId: 'emodel/contract@42', attributes, ...event }
  const settings = { webUrl: 'https://ecos.acme.example', timeZone: 'Europe/Moscow' }
  const facts = { recordRef: 'emodel/contract@42', workspace: undefined, title: 'Contract 42' }
  const about = { type: 'record.update', data, facts, settings, locale: 'ru', people: {} }
  const link = { url: 'https://ecos.acme.example/42', label: 'Open', home: settings.webUrl }
  return modelOf(about, link, { tenant: 'acme', customData, now: new Date('2026-03-01T09:05:00Z') })
}
