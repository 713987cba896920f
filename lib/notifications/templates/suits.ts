import { catalogue, type EventType, eventTypes, sampleData } from '../../events/catalogue.ts'
import { type Action, subscribedType } from '../subscriptions/subscriptions.ts'
import { anyName } from './any-name.ts'
import { createEngines } from './engine.ts'
import { faultLine, faultsOf, TemplateError } from './faults.ts'
import { parsePath, scopesOf, type TemplateFiles, type TemplateKey, templatePath } from './paths.ts'
import { renderTemplate } from './render.ts'

/**
 * Why the template that an action names can't render the subscription's events: it was written for
 * another type. Every channel's and language's template of the name has to suit each type that the
 * subscription covers.
 *
 * @returns undefined if it suits, or if no template of that name is known here
 */
export function unsuited(
  { template }: Pick<Action, 'template'>,
  { tenant, eventType }: { readonly tenant: string; readonly eventType: EventType },
  files: TemplateFiles,
): string | undefined {
  if (template === undefined) return undefined
  const engines = createEngines(files, tenant)
  const types = eventTypes.filter((type) => subscribedType(type) === eventType)
  for (const key of templatesNamed(template, tenant, files)) {
    for (const type of types) {
      for (const data of [sampleData(type), catalogue[type].schema.parse({ type })]) {
        try {
          renderTemplate(files, engines, key, { type, data }, { tenant, customData: anyName })
        } catch (error) {
          return `the template "${template}" does not suit ${type}: ${problemOf(error, key, files)}`
        }
      }
    }
  }
  return undefined
}

function templatesNamed(name: string, tenant: string, files: TemplateFiles): TemplateKey[] {
  return Object.keys(files).flatMap((path) => {
    const parsed = parsePath(path)
    if (parsed.kind !== 'template') return []
    const { key } = parsed
    return key.name === name && scopesOf(tenant).includes(key.scope) ? [key] : []
  })
}

function problemOf(error: unknown, key: TemplateKey, files: TemplateFiles): string {
  const faults =
    error instanceof TemplateError ? error.faults : faultsOf(error, templatePath(key), files)
  return faults.slice(0, 1).map(faultLine).join('')
}
