import { Liquid, type LiquidOptions } from 'liquidjs'

/**
 * A template reads nothing but its model: no file (`templates` replaces the file system), nothing
 * inherited. A name or a filter that does not exist is an error, except where `if` and `default` ask.
 */
const options: LiquidOptions = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  /** Characters of template. */
  parseLimit: 100_000,
  /** Milliseconds. */
  renderLimit: 1000,
  /** Roughly bytes, as LiquidJS counts what filters and loops make. */
  memoryLimit: 10_000_000,
}

const plain = new Liquid(options)
const escaping = new Liquid({ ...options, outputEscape: 'escape' })

export function renderText(template: string, model: object): string {
  return plain.parseAndRenderSync(template, model)
}

/** Every value is escaped; the template's own markup is not. */
export function renderHtml(template: string, model: object): string {
  return escaping.parseAndRenderSync(template, model)
}
