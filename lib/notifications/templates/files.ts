import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EcosError, messageOf } from '../../errors.ts'
import { fileText } from '../../file-text.ts'
import { allTenants, builtIn, scopesOf, type TemplateFiles } from './paths.ts'

/** Files that a folder of templates may contain beside templates. */
const notTemplates = /(^|\/)(\.[^/]*|README\.md)$/

/** The built-in templates, in the folder beside this file. */
export function readBuiltIn(): TemplateFiles {
  return readScopes(import.meta.dirname, (scope) => scope === builtIn)
}

/**
 * All files in an operator's folder of templates: checkTemplates reports those that are not templates.
 *
 * @throws EcosError `templates-unreadable`
 */
export function readOperators(folder: string): TemplateFiles {
  return readScopes(folder, () => true)
}

/** The built-in templates and the operator's, if there is such a folder. */
export function readKnown(folder: string): TemplateFiles {
  return { ...(existsSync(folder) ? readOperators(folder) : {}), ...readBuiltIn() }
}

/** The templates that these tenants may use: their own, those for all tenants, the built-in ones. */
export function filesFor(tenants: readonly string[], files: TemplateFiles): TemplateFiles {
  const scopes = new Set(tenants.flatMap(scopesOf).concat(allTenants, builtIn))
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => scopes.has(path.split('/')[0] ?? '')),
  )
}

function readScopes(folder: string, isWanted: (scope: string) => boolean): TemplateFiles {
  try {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length))
      .filter((path) => isWanted(path.split('/')[0] ?? '') && !notTemplates.test(path))
    return Object.fromEntries(paths.map((path) => [path, textOf(join(folder, path))]))
  } catch (cause) {
    if (cause instanceof EcosError) throw cause
    throw new EcosError('templates-unreadable', `Templates can't be read: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function textOf(path: string): string {
  const bytes = readFileSync(path)
  try {
    return fileText(bytes)
  } catch (cause) {
    const message = `${path} can't be read: ${messageOf(cause)}`
    throw new EcosError('templates-unreadable', message, { cause })
  }
}
