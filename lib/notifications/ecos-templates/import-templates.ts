import { isEventType } from '../../events/catalogue.ts'
import { parseAll } from '../freemarker/parse.ts'
import { type Source, Untranslatable } from '../freemarker/source.ts'
import { htmlPath, type TemplateFiles, type TemplateKey, templatePath } from '../templates/paths.ts'
import { type Artifact, artifactsIn, type Files } from './artifacts.ts'
import { type Chunk, liquidOf } from './chunks.ts'
import { type Fault, faultAt, faultOf } from './faults.ts'
import { createLibrary } from './library.ts'
import { isHtml } from './markup.ts'
import { textOf } from './text-of.ts'
import { type TranslateOptions, translate } from './translate.ts'

export interface ImportOptions {
  /** The scope of the templates: a tenant's folder, or `_all`. */
  readonly scope: string
  /** What leads to the record in the event's attributes: nothing, or `record` in events 2.0. */
  readonly record: string
  /** The values of ECOS's configuration that templates use, by key. */
  readonly config: Readonly<Record<string, string>>
}

/** What becomes of a folder of artifacts. */
export interface TemplateImport {
  /** Of the artifacts that are not refused. */
  readonly files: TemplateFiles
  /** Their ids. */
  readonly imported: readonly string[]
  /** Artifacts that only others use: their macros are written where they are called. */
  readonly libraries: readonly string[]
  readonly refused: readonly Fault[]
  readonly notes: readonly Fault[]
}

/**
 * Translates the notification templates of ECOS in a folder into templates in Liquid.
 *
 * @param unread files in it that could not be read
 */
export function importTemplates(
  files: Files,
  options: ImportOptions,
  unread: readonly Fault[] = [],
): TemplateImport {
  const { artifacts, faults } = artifactsIn(files, unread)
  const refused = [...faults, ...repeated(artifacts)]
  const notes: Fault[] = []
  const imported: string[] = []
  const made: Record<string, string> = {}
  const templates = artifacts.filter(({ titles }) => titles.size > 0)
  for (const artifact of templates) {
    const translated = importArtifact(artifact, artifacts, options)
    refused.push(...translated.refused)
    if (translated.refused.length > 0) continue
    notes.push(...translated.notes, ...takenOver(artifact))
    imported.push(artifact.id)
    Object.assign(made, translated.files)
  }
  const libraries = artifacts.filter(({ titles }) => titles.size === 0).map(({ id }) => id)
  return { files: made, imported, libraries, refused: distinct(refused), notes: distinct(notes) }
}

function repeated(artifacts: readonly Artifact[]): Fault[] {
  const byId = Map.groupBy(artifacts, ({ id }) => id)
  return [...byId.values()].flatMap(([, ...others]) =>
    others.map(({ file, id }) => faultAt(file, 'there is another artifact "{id}"', { id })),
  )
}

/** Of a template that becomes that of an event type. */
function takenOver({ file, id }: Artifact): Fault[] {
  const problem =
    '{id} is an event type: the template is used for all its notifications that name none'
  return isEventType(id) ? [faultAt(file, problem, { id })] : []
}

function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.place} ${fault.text}`, fault])).values()]
}

interface Translated {
  readonly files: Record<string, string>
  readonly refused: Fault[]
  readonly notes: Fault[]
}

function importArtifact(
  artifact: Artifact,
  all: readonly Artifact[],
  { config, record, scope }: ImportOptions,
): Translated {
  const made: Translated = { files: {}, refused: [], notes: [] }
  const model = { attributes: artifact.model, record }
  for (const [locale, body] of localized(artifact)) {
    const library = createLibrary((id) => bodyIn(all, id, locale))
    const options = { model, library, config }
    const titleChunks = chunksOf(titleOf(artifact, locale), options, artifact, made)
    const title = liquidOf(titleChunks).replace(/\s+/g, ' ').trim()
    const chunks = chunksOf(body, { ...options, title }, artifact, made)
    const key: TemplateKey = { scope, name: artifact.id, channel: 'any', locale }
    orRefused(made, () => {
      const isText = !isHtml(chunks)
      const html = `${liquidOf(chunks).trim()}\n`
      made.files[templatePath(key)] = `${title}\n\n${isText ? html : `${textOf(chunks)}\n`}`
      if (!isText) made.files[htmlPath(key)] = withOwnLinks(html)
    })
  }
  return made
}

/** Where a mail gets its reader's own links, to settings and to unsubscribe (lib/channels/mail-footer.ts). */
const place = '<p><!-- personal links --></p>\n'

/** With that place at the end of the page. */
function withOwnLinks(html: string): string {
  const end = [...html.matchAll(/<\/body>/gi)].at(-1)?.index ?? html.length
  return html.slice(0, end) + place + html.slice(end)
}

const toGive =
  'customData.{name} was {attribute} in ECOS: subscriptions have to give it (--data {name}=…)'

/** Translates a title or a body. What is wrong or has to be said goes into what is made. */
function chunksOf(
  source: Source,
  options: TranslateOptions,
  { file }: Artifact,
  made: Translated,
): readonly Chunk[] {
  let chunks: readonly Chunk[] = []
  orRefused(made, () => {
    const { nodes, faults: unread } = parseAll(source)
    const { chunks: all, faults, given, notes } = translate(nodes, options)
    chunks = all
    made.refused.push(...[...unread, ...faults].map(faultOf))
    made.notes.push(...notes.map(faultOf))
    for (const [name, attribute] of given)
      made.notes.push(faultAt(file, toGive, { name, attribute }))
  })
  return chunks
}

function orRefused({ refused }: Translated, make: () => void): void {
  try {
    make()
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    refused.push(faultOf(error))
  }
}

/** The languages of a template with their bodies: one for all languages counts for each that has a title. */
function localized({ bodies, titles }: Artifact): (readonly [locale: string, body: Source])[] {
  const common = bodies.get('')
  const own = [...bodies].filter(([locale]) => locale !== '')
  if (common === undefined) return own
  const others = [...titles.keys()].filter((locale) => !bodies.has(locale))
  return [...own, ...others.map((locale) => [locale, common] as const)]
}

/** As ECOS chooses it: in the language, or else in Russian, or else in any. */
function titleOf({ titles }: Artifact, locale: string): Source {
  const [first] = titles.values()
  const title = titles.get(locale) ?? titles.get('ru') ?? first
  if (title === undefined) throw new Error('an artifact without a title is a library')
  return title
}

function bodyIn(all: readonly Artifact[], id: string, locale: string): Source | undefined {
  const bodies = all.find((one) => one.id === id)?.bodies
  const [first] = bodies?.values() ?? []
  return bodies?.get(locale) ?? bodies?.get('') ?? bodies?.get('ru') ?? first
}
