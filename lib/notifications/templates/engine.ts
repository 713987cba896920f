import { Liquid, type LiquidOptions } from 'liquidjs'
import { clean, templateLimit } from './bounds.ts'
import { Fact } from './fact.ts'
import { filters } from './filters.ts'
import { partsFolder, scopesOf, type TemplateFiles } from './paths.ts'
import { Short } from './short.ts'

/**
 * A template reads only its model and its parts: a map replaces the file system, and inherited
 * properties are hidden. An unknown name or filter is an error, except within `if` and `default`.
 */
const strict: LiquidOptions = {
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  relativeReference: false,
  extname: '.liquid',
  /** LiquidJS would load ICU's data to find out the process's own, with each start. */
  locale: 'en-US',
  /** All faults of a template are reported at once. */
  catchAllErrors: true,
  parseLimit: templateLimit,
  /** Roughly bytes, as LiquidJS counts the output of filters and loops. */
  memoryLimit: 10_000_000,
}

/** A tenant's engines, by how they write values. They see no other tenant's files. */
export type Engines = {
  /** Plain, each value within its bounds. */
  readonly text: Liquid
  /** Escaped for HTML, each value within its bounds. */
  readonly html: Liquid
  /** Escaped for HTML, for the page around values that are within their bounds already. */
  readonly page: Liquid
}

export function createEngines(files: TemplateFiles, tenant: string): Engines {
  const partials = scopesOf(tenant).map(partsFolder)
  const fs = inMemory(files)
  const engine = (outputEscape: (value: unknown) => string) => {
    const liquid = new Liquid({ ...strict, fs, partials, cache: true, outputEscape })
    for (const [name, filter] of Object.entries(filters)) liquid.registerFilter(name, filter)
    liquid.registerTag('fact', Fact)
    liquid.registerTag('short', Short)
    // It would write a value unescaped: a template that uses it fails.
    delete liquid.filters['raw']
    return liquid
  }
  return {
    text: engine((value) => clean(stringify(value))),
    html: engine((value) => escapeHtml(clean(stringify(value)))),
    page: engine((value) => escapeHtml(stringify(value))),
  }
}

/** Paths are not normalized: `..` leads nowhere. */
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
function stringify(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(stringify).join(', ')
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
