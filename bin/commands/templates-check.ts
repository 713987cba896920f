import { EcosError } from '../../lib/errors.ts'
import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import { checkTemplates, refuseFaults } from '../../lib/notifications/templates/check.ts'
import { readBuiltIn, readOperators } from '../../lib/notifications/templates/files.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'
import { unsuited } from '../../lib/notifications/templates/suits.ts'
import { say } from '../say.ts'
import { withBook } from './subscriptions-options.ts'
import { readTenants } from './tenants-file.ts'
import { print } from './text.ts'

interface CheckOptions {
  readonly templates: string
  readonly tenants: string
  readonly subscriptions?: boolean
  readonly cell: string
}

/**
 * Checks the files and, if asked to, the cell's subscriptions that name them.
 *
 * @throws EcosError `invalid-templates`, with a line for each fault
 */
export async function check(options: CheckOptions): Promise<void> {
  const { templates, tenants, subscriptions, cell } = options
  const own = readOperators(templates)
  const files = { ...own, ...readBuiltIn() }
  const known = readTenants(tenants)
  refuseFaults(
    checkTemplates(
      files,
      known.map(({ id }) => id),
    ),
    templates,
  )
  const found = { count: Object.keys(own).length, folder: templates }
  if (!subscriptions) return print(say('No faults. Files in {folder}: {count}', found))
  const ids = known.filter((one) => one.cell === cell).map(({ id }) => id)
  const entries = await withBook({ cell }, (book) => Promise.all(ids.map(book.ofTenant)))
  const faults = unsuitedIn(entries.flat(), files)
  if (faults.length > 0) throw new EcosError('invalid-templates', faults.join('\n'))
  print(
    say('No faults. Files in {folder}: {count}; the subscriptions of {cell} are checked too', {
      ...found,
      cell,
    }),
  )
}

/** A line for each action that names a template of another event type. */
export function unsuitedIn(entries: readonly SubscriptionEntry[], files: TemplateFiles): string[] {
  return entries.flatMap((entry) => {
    if (entry.of !== 'subscription') return []
    const { subscription: of } = entry
    const whose = 'username' in of ? of.username : 'everyone else'
    const place = `${of.tenant}, ${whose}, ${of.eventType}`
    const problems = of.actions.map((action) => unsuited(action, of, files))
    return problems.flatMap((problem) => (problem === undefined ? [] : `${place}: ${problem}`))
  })
}
