import { Liquid, type LiquidOptions } from 'liquidjs'
import { clean } from './bounds.ts'
import { Fact } from './fact.ts'
import { filters } from './filters.ts'
import { partsFolder, scopesOf, type TemplateFiles } from './paths.ts'

/**
 * A template reads nothing but its model and its parts: a map replaces the file system, and nothing is
 * inherited. A name or a filter that does not exist is an error, except where `if` and
 * `default` ask.
 */
const strict: LiquidOptions = {
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  relativeReference: false,
  extname: '.liquid',
  /** All faults of a template are told at once. */
  catchAllErrors: true,
  /** Characters of template. */
  parseLimit: 100_000,
  /** Roughly bytes, as LiquidJS counts what filters and loops make. */
  memoryLimit: 10_000_000,
}

/** How a value is written. Each tenant has an engine of each kind, with no other tenant's files. */
export type Engines = {
  /** As it is, within its bounds. */
  readonly text: Liquid
  /** The same, escaped for HTML. */
  readonly html: Liquid
  /** Escaped, for the page around values that are within their bounds. */
  readonly page: Liquid
}

export function createEngines(files: TemplateFiles, tenant: string): Engines {
  const partials = scopesOf(tenant).map(partsFolder)
  const fs = inMemory(files)
  const engine = (outputEscape: (value: unknown) => string) => {
    const liquid = new Liquid({ ...strict, fs, partials, cache: true, outputEscape })
    for (const [name, filter] of Object.entries(filters)) liquid.registerFilter(name, filter)
    liquid.registerTag('fact', Fact)
    // It would let a value through as it is: unknown, it is refused.
    delete liquid.filters['raw']
    return liquid
  }
  return {
    text: engine((value) => clean(written(value))),
    html: engine((value) => escapeHtml(clean(written(value)))),
    page: engine((value) => escapeHtml(written(value))),
  }
}

/** Paths are taken as they are: `..` leads nowhere. */
function inMemory(files: TemplateFiles): NonNullable<LiquidOptions['fs']> {
  const existsSync = (path: string) => Object.hasOwn(files, path)
  const readFileSync = (path: string) => files[path] ?? ''
  return {
    existsSync,
    readFileSync,
    exists: async (path) => existsSync(path),
    readFile: async (path) => readFileSync(path),
    resolve: (folder, name, extension) => `${folder}/${name}${extension}`,
  }
}

/** A value as a person reads it. */
function written(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(written).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
