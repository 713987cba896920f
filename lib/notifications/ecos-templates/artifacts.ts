import { isCollection, isScalar, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { messageOf } from '../../errors.ts'
import { canonicalLocale } from '../../locale.ts'
import { withoutMark } from '../../parse.ts'
import { parseAll } from '../freemarker/parse.ts'
import type { Problem } from '../freemarker/problems.ts'
import type { Source } from '../freemarker/source.ts'
import { partsName } from '../templates/paths.ts'
import { type Fault, faultAt, faultOf } from './faults.ts'

/** The contents of files by their paths in a folder. */
export type Files = Readonly<Record<string, string>>

/** A notification template of ECOS: an artifact of the type `notification/template`. */
export interface Artifact {
  readonly id: string
  /** The file of its description. */
  readonly file: string
  /** By language; none in a library, which only other templates use. */
  readonly titles: ReadonlyMap<string, Source>
  /** By language, or under an empty name for all of them. */
  readonly bodies: ReadonlyMap<string, Source>
  /** Attributes by name. */
  readonly model: Readonly<Record<string, string>>
}

/** A problem as the message of a check. */
const said = (problem: Problem): string => problem

const meta = z.looseObject({
  id: z
    .string()
    .regex(
      /^(?=.{1,200}$)[\w$.-]*[\w$-]$/,
      said('is not a name of letters, digits, "-", "_" and ".", of up to 200 characters'),
    )
    .refine(
      (id) => id !== partsName,
      said('is the folder of the parts of templates: give it another id'),
    ),
  notificationTitle: z.union([z.string(), z.record(z.string(), z.string())]).nullish(),
  model: z
    .record(z.string(), z.string().max(1_000, said('has more than 1,000 characters')))
    .nullish(),
  multiTemplateConfig: z
    .array(z.unknown())
    .max(
      0,
      said('chooses other templates by the type of the record: subscribe with conditions instead'),
    )
    .nullish(),
})

const description = /\.meta\.(ya?ml|json)$/
/** The language of a file for one language: `new.html_ru.ftl`. */
const language = /_([a-z]{2,3}(?:_[A-Z]{2})?)\.ftl$/

/**
 * Finds the artifacts in a folder: each description with the `.ftl` files beside it that belong to it.
 *
 * @param unread files of artifacts that could not be read
 */
export function artifactsIn(
  files: Files,
  unread: readonly Fault[] = [],
): { artifacts: Artifact[]; faults: Fault[] } {
  const paths = [...Object.keys(files), ...unread.map(({ place }) => place)]
  const descriptions = paths.filter((path) => description.test(path))
  const faults: Fault[] = [...unread]
  const isUnread = (path: string) => !Object.hasOwn(files, path)
  const artifacts = descriptions.flatMap((path) => {
    if ([path, ...bodiesOf(path, paths)].some(isUnread)) return []
    const read = readArtifact(path, files)
    if (!Array.isArray(read)) return [read]
    const bodies = bodiesOf(path, paths).map((body) => sourceOf(body, files))
    // Its templates can't be translated without it, but may be at fault themselves.
    faults.push(...read, ...bodies.flatMap((body) => parseAll(body).faults.map(faultOf)))
    return []
  })
  const used = new Set(descriptions.flatMap((path) => bodiesOf(path, paths)))
  const folders = new Set(descriptions.map(folderOf))
  const lonely = paths.filter(
    (path) => path.endsWith('.ftl') && folders.has(folderOf(path)) && !used.has(path),
  )
  faults.push(...lonely.map((path) => faultAt(path, 'has no .meta.yml of its name beside it')))
  return { artifacts, faults }
}

function folderOf(path: string): string {
  return path.replace(/[^/]*$/, '')
}

function readArtifact(file: string, files: Files): Artifact | Fault[] {
  const counter = new LineCounter()
  const document = parseDocument(withoutMark(files[file] ?? ''), { lineCounter: counter })
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const [error] = document.errors
  if (error) {
    const problem = error.message.replace(/ at line \d+, column \d+:.*$/s, '')
    return [faultAt(place(error.pos[0]), 'YAML: {problem}', { problem })]
  }
  const offsetOf = (path: readonly PropertyKey[]) => {
    const node = path.length > 0 ? document.getIn(path, true) : document.contents
    return isScalar(node) || isCollection(node) ? (node.range?.[0] ?? 0) : 0
  }
  let content: unknown
  try {
    content = document.toJS()
  } catch (cause) {
    // An alias without its anchor, or too many.
    return [faultAt(file, 'YAML: {problem}', { problem: messageOf(cause) })]
  }
  const parsed = meta.safeParse(content)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => {
      const field = issue.path.map(String).join('.') || 'YAML'
      const { message: problem } = issue
      return faultAt(place(offsetOf(issue.path)), '{field}: {problem}', { field, problem })
    })
  }
  const { id, model, notificationTitle } = parsed.data
  const titles =
    typeof notificationTitle === 'string' ? { ru: notificationTitle } : (notificationTitle ?? {})
  const nobodys = Object.keys(titles).filter((tag) => canonicalLocale(tag) === undefined)
  if (nobodys.length > 0) {
    return nobodys.map((tag) => {
      const at = place(offsetOf(['notificationTitle', tag]))
      return faultAt(at, 'notificationTitle: "{tag}" is not a language', { tag })
    })
  }
  const titleSources = Object.entries(titles).flatMap(([tag, text]) => {
    const at = typeof notificationTitle === 'string' ? [] : [tag]
    const where = place(offsetOf(['notificationTitle', ...at]))
    const locale = canonicalLocale(tag)
    return locale && text !== '' ? [[locale, { file, text, place: where }] as const] : []
  })
  const bodies = bodiesOf(file, Object.keys(files)).map((path) => {
    const locale = canonicalLocale(language.exec(path)?.[1] ?? '') ?? ''
    return [locale, sourceOf(path, files)] as const
  })
  if (bodies.length === 0) return [faultAt(file, 'has no .ftl file of its name beside it')]
  return { id, file, titles: new Map(titleSources), bodies: new Map(bodies), model: model ?? {} }
}

function sourceOf(path: string, files: Files): Source {
  return { file: path, text: withoutMark(files[path] ?? '') }
}

/** `new.html.ftl.meta.yml` describes `new.html.ftl`; `new.html.meta.yml` that and `new.html_ru.ftl`. */
function bodiesOf(file: string, paths: readonly string[]): string[] {
  const name = file.replace(description, '').replace(/\.ftl$/, '')
  return paths.filter(
    (path) =>
      path === `${name}.ftl` ||
      (path.startsWith(`${name}_`) && path.replace(language, '') === name),
  )
}
