import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { planCell } from '../../lib/tenants/plan.ts'
import { cellTemplate } from '../../lib/tenants/template/index.ts'
import { parseSettings } from '../../lib/tenants/template/settings.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
type Json = any

/** A cell's template: the resources of serverless.yml, and those generated for its tenants. */
export interface Cell {
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json }>>
  /** As the Serverless Framework gets them, by their keys. */
  readonly definitions: Readonly<Record<string, Json>>
  /** The functions' names in AWS. */
  readonly functions: readonly string[]
}

/** The cell `main` as serverless.yml has it by default. */
export function cellOf(tenants: readonly Tenant[], over: Record<string, unknown> = {}): Cell {
  const text = readFileSync('serverless.yml', 'utf8').replaceAll(/\$\{sls:stage\}/g, 'main')
  const { params } = parse(text, { logLevel: 'silent' })
  const parameters = { ...params.default, ...over }
  const resolved = text.replaceAll(/\$\{param:(\w+)\}/g, (_, name) =>
    JSON.stringify(parameters[name]),
  )
  const service = parse(resolved, { logLevel: 'silent' })
  const generated = cellTemplate(planCell(tenants, 'main'), parseSettings(service.custom.settings))
  return {
    resources: { ...service.resources[0].Resources, ...generated.resources },
    definitions: generated.functions,
    functions: Object.values(generated.functions).map(({ name }) => name),
  }
}
