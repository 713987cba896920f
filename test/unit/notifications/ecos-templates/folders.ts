import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../../../../lib/notifications/ecos-templates/faults.ts'

export const fixtures = join(import.meta.dirname, '../../../fixtures/ecos-templates')

/** The files of a folder of artifacts by their paths in it. */
export function read(name: string): Record<string, string> {
  const folder = join(fixtures, name)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  )
}

export const told = ({ place, text }: Fault) => `${place}: ${text}`

const config = { 'app/leave$help-email': 'help@acme.example' }

/** How the artifacts of the folder `good` are imported. */
export const options = { scope: '_all', record: '', config }
