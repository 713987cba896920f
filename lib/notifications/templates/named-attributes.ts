import { analyzeSync } from 'liquidjs'
import { createEngines, type Engines } from './engine.ts'
import { allTenants, layoutPath, parsePath, type TemplateFiles, tenantFolder } from './paths.ts'

/**
 * The record attributes that a tenant's templates of a name use, in any language and for any channel:
 * `{{ event.attributes["case.title"] }}`. Included parts and the layout count too.
 */
export type NamedAttributes = (tenant: string, name: string) => readonly string[]

/** @param files an operator's templates; each is analyzed on first use */
export function createNamedAttributes(files: TemplateFiles): NamedAttributes {
  const cache = new Map<string, readonly string[]>()
  return (tenant, name) => {
    const key = JSON.stringify([tenant, name])
    const attributes = cache.get(key) ?? attributesIn(filesOf(tenant, name, files), files, tenant)
    cache.set(key, attributes)
    return attributes
  }
}

/** Without the built-in templates: they suit every event of the type, whatever attributes it has. */
function filesOf(tenant: string, name: string, files: TemplateFiles): string[] {
  const scopes = [tenantFolder(tenant), allTenants]
  return Object.keys(files).filter((path) => {
    const parsed = parsePath(path)
    if (parsed.kind === 'layout') return scopes.map(layoutPath).includes(path)
    if (parsed.kind !== 'template' && parsed.kind !== 'html') return false
    return parsed.key.name === name && scopes.includes(parsed.key.scope)
  })
}

function attributesIn(paths: readonly string[], files: TemplateFiles, tenant: string): string[] {
  const engines = createEngines(files, tenant)
  const all = paths.flatMap((path) => namedIn(engines, files[path] ?? '', path))
  return [...new Set(all)].sort()
}

function namedIn({ text }: Engines, source: string, file: string): string[] {
  const { globals } = analyzeSync(text.parse(source, file))
  return (globals['event'] ?? []).flatMap(({ segments }) => {
    const [, field, attribute] = segments
    return field === 'attributes' && typeof attribute === 'string' ? [attribute] : []
  })
}
