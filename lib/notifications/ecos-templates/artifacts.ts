import { isCollection, isScalar, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { messageOf } from '../../errors.ts'
import { canonicalLocale } from '../../locale.ts'
import { faultsIn } from '../../parse.ts'
import type { Source } from '../freemarker/source.ts'

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

/** What is wrong with a file, and where: `mail/new.html.ftl:3:14`. */
export interface Fault {
  readonly place: string
  readonly text: string
}

const meta = z.looseObject({
  id: z.string().regex(/^[\w$.-]*[\w$-]$/, 'is not a name of letters, digits, "-", "_" and "."'),
  notificationTitle: z.union([z.string(), z.record(z.string(), z.string())]).nullish(),
  model: z.record(z.string(), z.string()).nullish(),
  multiTemplateConfig: z
    .array(z.unknown())
    .max(0, 'chooses other templates by the type of the record: subscribe with conditions instead')
    .nullish(),
})

const description = /\.meta\.(ya?ml|json)$/
/** The language of a file for one language: `new.html_ru.ftl`. */
const language = /_([a-z]{2,3}(?:_[A-Z]{2})?)\.ftl$/

/** Finds the artifacts in a folder: each description with the `.ftl` files beside it that belong to it. */
export function artifactsIn(files: Files): { artifacts: Artifact[]; faults: Fault[] } {
  const descriptions = Object.keys(files).filter((path) => description.test(path))
  const faults: Fault[] = []
  const artifacts = descriptions.flatMap((path) => {
    const read = readArtifact(path, files)
    if (Array.isArray(read)) faults.push(...read)
    return Array.isArray(read) ? [] : [read]
  })
  const used = new Set(descriptions.flatMap((path) => bodiesOf(path, files)))
  const folders = new Set(descriptions.map(folderOf))
  const lonely = Object.keys(files).filter(
    (path) => path.endsWith('.ftl') && folders.has(folderOf(path)) && !used.has(path),
  )
  faults.push(
    ...lonely.map((path) => ({ place: path, text: 'has no .meta.yml of its name beside it' })),
  )
  return { artifacts, faults }
}

function folderOf(path: string): string {
  return path.replace(/[^/]*$/, '')
}

function readArtifact(file: string, files: Files): Artifact | Fault[] {
  const counter = new LineCounter()
  const document = parseDocument(files[file] ?? '', { lineCounter: counter })
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const [error] = document.errors
  if (error) {
    const text = error.message.replace(/ at line \d+, column \d+:.*$/s, '')
    return [{ place: place(error.pos[0]), text }]
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
    return [{ place: file, text: messageOf(cause) }]
  }
  const parsed = meta.safeParse(content)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      place: place(offsetOf(issue.path)),
      text: faultsIn(new z.ZodError([issue])),
    }))
  }
  const { id, model, notificationTitle } = parsed.data
  const titles =
    typeof notificationTitle === 'string' ? { ru: notificationTitle } : (notificationTitle ?? {})
  const nobodys = Object.keys(titles).filter((tag) => canonicalLocale(tag) === undefined)
  if (nobodys.length > 0) {
    return nobodys.map((tag) => ({
      place: place(offsetOf(['notificationTitle', tag])),
      text: `notificationTitle: "${tag}" is not a language`,
    }))
  }
  const titleSources = Object.entries(titles).flatMap(([tag, text]) => {
    const at = typeof notificationTitle === 'string' ? [] : [tag]
    const where = place(offsetOf(['notificationTitle', ...at]))
    const locale = canonicalLocale(tag)
    return locale && text !== '' ? [[locale, { file, text, place: where }] as const] : []
  })
  const bodies = bodiesOf(file, files).map((path) => {
    const locale = canonicalLocale(language.exec(path)?.[1] ?? '') ?? ''
    return [locale, { file: path, text: (files[path] ?? '').replace(/^\ufeff/, '') }] as const
  })
  if (bodies.length === 0) return [{ place: file, text: 'has no .ftl file of its name beside it' }]
  return { id, file, titles: new Map(titleSources), bodies: new Map(bodies), model: model ?? {} }
}

/** `new.html.ftl.meta.yml` describes `new.html.ftl`; `new.html.meta.yml` that and `new.html_ru.ftl`. */
function bodiesOf(file: string, files: Files): string[] {
  const name = file.replace(description, '').replace(/\.ftl$/, '')
  return Object.keys(files).filter(
    (path) =>
      path === `${name}.ftl` ||
      (path.startsWith(`${name}_`) && path.replace(language, '') === name),
  )
}
