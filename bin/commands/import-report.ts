import { join } from 'node:path'
import { fill } from '../../lib/fill.ts'
import type { Fault } from '../../lib/notifications/ecos-templates/faults.ts'
import type { TemplateImport } from '../../lib/notifications/ecos-templates/import-templates.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'
import { fault, say, translated } from '../say.ts'
import { differing } from './template-folders.ts'
import { note } from './text.ts'

/** A file that only `--replace` changes, and why. */
interface Present {
  readonly path: string
  readonly why: string
}

/** @param old files that the artifacts no longer have */
export async function presentFiles(
  folder: string,
  files: TemplateFiles,
  old: readonly string[],
): Promise<Present[]> {
  const different = await differing(folder, files)
  return [
    ...different.map((path) => {
      return { path, why: say('is there already, and differs: --replace overwrites it') }
    }),
    ...old.map((path) => ({ path, why: say('is not in the artifact: --replace removes it') })),
  ]
}

export interface ReportOptions {
  /** The folder of the artifacts. */
  readonly folder: string
  /** The folder of the templates. */
  readonly templates: string
  readonly skipRefused?: boolean | undefined
}

/**
 * Tells what is different, refused, or there already.
 *
 * @throws EcosError `import-refused`, unless what is refused is to be skipped
 */
export function report(
  { imported, libraries, notes, refused }: TemplateImport,
  present: readonly Present[],
  { folder, templates, skipRefused = false }: ReportOptions,
): void {
  const of = { note: say('note'), refused: say('refused') }
  for (const one of inOrder(notes)) note(`${join(folder, one.place)}: ${of.note}: ${textOf(one)}`)
  for (const one of inOrder(refused)) {
    note(`${join(folder, one.place)}: ${of.refused}: ${textOf(one)}`)
  }
  for (const { path, why } of present) note(`${join(templates, path)}: ${of.refused}: ${why}`)
  if (imported.length + libraries.length + refused.length === 0) {
    const problem = '{folder} has no notification artifacts: .ftl files with .meta.yml'
    throw fault('import-refused', problem, { folder })
  }
  if (refused.length > 0 && !skipRefused) {
    const problem = 'Nothing was written: correct what is refused, or add --skip-refused'
    throw fault('import-refused', problem)
  }
  if (present.length > 0) {
    const problem =
      'Nothing was written: files are there already, and differ: --replace makes them what the artifacts say'
    throw fault('import-refused', problem)
  }
}

/** In the language of the command line. What others say, such as the YAML parser, is in English. */
function textOf({ problem, values = {} }: Fault): string {
  const { what, problem: inner } = values
  return fill(translated(problem), {
    ...values,
    ...(what !== undefined && { what: translated(String(what)) }),
    ...(inner !== undefined && { problem: translated(String(inner)) }),
  })
}

function inOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((a, b) => a.place.localeCompare(b.place, 'en', { numeric: true }))
}
