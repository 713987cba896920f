import { join } from 'node:path'
import { EcosError } from '../../errors.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { unescapeTenant } from '../../tenant-name.ts'
import { isNotifiedType, type NotifiedType } from '../timing.ts'
import { anyName } from './any-name.ts'
import { createEngines, type Engines } from './engine.ts'
import { faultLine, faultsOf as liquidFaults, TemplateError, type TemplateFault } from './faults.ts'
import {
  allTenants,
  builtIn,
  parsePath,
  scopesOf,
  type TemplateFiles,
  type TemplateKey,
  templatePath,
  tenantFolder,
} from './paths.ts'
import { renderTemplate } from './render.ts'
import { samplesOf } from './samples.ts'
import { unknownNames } from './unknown-names.ts'

/**
 * All faults in the templates that can be found without an event: misplaced files, and failures with
 * the sample event of each type, both complete and with every optional field left out.
 *
 * @param tenants the tenants of tenants.yml
 */
export function checkTemplates(files: TemplateFiles, tenants: readonly string[]): TemplateFault[] {
  const paths = Object.keys(files)
  const misplaced = paths.flatMap((path) => faultOfPath(path, files, tenants))
  // A tenant without its own files uses those for all tenants.
  const own = tenants.filter((tenant) =>
    paths.some((path) => path.startsWith(`${tenantFolder(tenant)}/`)),
  )
  const failing = [allTenants, ...own].flatMap((scope) => faultsIn(scope, files))
  const distinct = new Map([...misplaced, ...failing].map((fault) => [faultLine(fault), fault]))
  return [...distinct.values()]
}

/**
 * @param folder the operator's folder of templates, for the message
 * @throws EcosError `invalid-templates`, with a line for each fault: file, line and column
 */
export function refuseFaults(faults: readonly TemplateFault[], folder: string): void {
  if (faults.length === 0) return
  const lines = faults.map((fault) => faultLine({ ...fault, file: join(folder, fault.file) }))
  throw new EcosError('invalid-templates', lines.join('\n'))
}

function faultOfPath(
  path: string,
  files: TemplateFiles,
  tenants: readonly string[],
): TemplateFault[] {
  const scope = path.split('/')[0] ?? ''
  const parsed = parsePath(path)
  const fault = (problem: string) => [{ file: path, line: 1, column: 1, problem }]
  if (parsed.kind === 'unknown') return fault(parsed.problem)
  if (![...tenants.map(tenantFolder), allTenants, builtIn].includes(scope)) {
    return fault(`there is no tenant "${unescapeTenant(scope) ?? scope}" in tenants.yml`)
  }
  const lacksText = parsed.kind === 'html' && !Object.hasOwn(files, templatePath(parsed.key))
  return lacksText ? fault(`has no ${templatePath(parsed.key)} beside it for title and text`) : []
}

/** The faults in all templates that the people of one tenant may get. */
function faultsIn(scope: string, files: TemplateFiles): TemplateFault[] {
  const engines = createEngines(files, scope)
  return scopesOf(scope).flatMap((one) =>
    Object.keys(files)
      .filter((path) => path.startsWith(`${one}/`))
      .flatMap((path) => {
        const parsed = parsePath(path)
        if (parsed.kind === 'template') return faultsOfTemplate(parsed.key, scope, files, engines)
        // No template may include a part, so it is parsed by itself.
        return faultsOf(path, () => engines.page.parse(files[path] ?? '', path))
      }),
  )
}

function faultsOfTemplate(
  key: TemplateKey,
  tenant: string,
  files: TemplateFiles,
  engines: Engines,
): TemplateFault[] {
  const reader = { tenant, customData: anyName }
  const faultsWith = (type: NotifiedType) =>
    samplesOf(type).flatMap((data) =>
      faultsOf(templatePath(key), () =>
        renderTemplate(files, engines, key, { type, data }, reader),
      ),
    )
  // A template with a name of its own may be for any type: it has to suit one type at least.
  const types = isNotifiedType(key.name) ? [key.name] : eventTypes
  const byType = types.map(faultsWith).sort((a, b) => a.length - b.length)
  return [...unknownNames(key, files, engines), ...(byType[0] ?? [])]
}

function faultsOf(file: string, make: () => void): readonly TemplateFault[] {
  try {
    make()
    return []
  } catch (error) {
    return error instanceof TemplateError ? error.faults : liquidFaults(error, file, {})
  }
}
