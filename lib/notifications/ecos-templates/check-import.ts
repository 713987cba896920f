import type { EventType } from '../../events/catalogue.ts'
import { subscribedType } from '../subscriptions/subscriptions.ts'
import { checkTemplates } from '../templates/check.ts'
import { allTenants, type TemplateFiles } from '../templates/paths.ts'
import { unsuited } from '../templates/suits.ts'
import { type Fault, faultAt } from './faults.ts'
import type { TemplateImport } from './import-templates.ts'

export interface Suiting {
  /** The tenant that they are for; all tenants without one. */
  readonly tenant?: string | undefined
  /** The events that all of them have to suit. */
  readonly type?: EventType | undefined
}

/**
 * Renders what was translated with the sample events of each type, and refuses what fails.
 *
 * @param known the templates beside which they will be
 */
export function checkImport(
  translated: TemplateImport,
  known: TemplateFiles,
  { tenant = allTenants, type }: Suiting,
): TemplateImport {
  const files = { ...known, ...translated.files }
  const made = checkTemplates(files, [tenant]).filter(({ file }) => file in translated.files)
  const faults: (Fault & { readonly id: string })[] = made.map(
    ({ file, line, column, problem }) => ({
      id: idIn(file),
      ...faultAt(`${file}:${line}:${column}`, 'as translated: {problem}', { problem }),
    }),
  )
  for (const id of type === undefined ? [] : translated.imported) {
    const eventType = subscribedType(type as EventType)
    const problem = unsuited({ template: id }, { tenant, eventType }, files)
    if (problem !== undefined) {
      faults.push({ id, ...faultAt(id, 'as translated: {problem}', { problem }) })
    }
  }
  const failed = new Set(faults.map(({ id }) => id))
  return {
    ...translated,
    files: Object.fromEntries(
      Object.entries(translated.files).filter(([path]) => !failed.has(idIn(path))),
    ),
    imported: translated.imported.filter((id) => !failed.has(id)),
    refused: [...translated.refused, ...faults.map(({ id: _, ...fault }) => fault)],
  }
}

/** The template's name in the path of a file. */
function idIn(path: string): string {
  return path.split('/')[1] ?? ''
}
