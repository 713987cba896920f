import { Command } from 'commander'
import { EcosError } from '../../lib/errors.ts'
import { newPersonFields } from '../../lib/notifications/new-person.ts'
import {
  type NamedPerson,
  type Person,
  type PersonField,
  personFields,
} from '../../lib/notifications/person.ts'
import { faultsIn } from '../../lib/parse.ts'
import { below, fault, say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { importPeopleCommand } from './people-import.ts'
import { withPeople } from './people-options.ts'
import {
  type TableOptions,
  tableOptions,
  tenantOption,
  userOption,
} from './subscriptions-options.ts'
import { table } from './table.ts'
import { print } from './text.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

/** `people import|list|set|remove`. */
export function peopleCommand(): Command {
  return new Command('people')
    .description('The names, addresses, languages and time zones of people (AWS_* variables)')
    .addCommand(importPeopleCommand())
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(removeCommand())
}

interface OfPerson extends TableOptions {
  readonly tenant: string
  readonly user: string
}

type ListOptions = TableOptions & OutputOptions & WatchOptions & { readonly tenant: string }

function listCommand(): Command {
  return withWatch(withOutput(tableOptions(new Command('list'))))
    .description("Lists a tenant's people")
    .addOption(tenantOption())
    .action((options: ListOptions) => listed(options, () => list(options)))
}

async function list(options: ListOptions): Promise<void> {
  const people = await withPeople(options, (book) => book.all(options.tenant))
  if (people.length === 0) await requireTenant(options.cell, options.tenant)
  printResult(options, people, () => tableText(people))
}

function tableText(people: readonly NamedPerson[]): string {
  if (people.length === 0) return say('Nothing matches.')
  const rows = people.map(({ username, person }) => [
    username,
    ...personFields.map((field) => person[field] ?? ''),
  ])
  return table(['person', ...personFields], rows)
}

function line({ username, person }: NamedPerson): string {
  const { name = '', ...rest } = person
  const fields = Object.entries(rest).map(([field, value]) => `${field} ${value}`)
  return [`${username}  ${name}`.trimEnd(), ...fields].join(', ')
}

type SetOptions = OfPerson & Partial<Record<PersonField, string>>

function setCommand(): Command {
  return tableOptions(new Command('set'))
    .description('Sets what is known of a person; what is not given stays')
    .addOption(tenantOption())
    .addOption(userOption().makeOptionMandatory())
    .option('--name <name>', "as other people know them; '' removes it, and so for the others")
    .option('--email <address>', 'the mail address')
    .option('--phone <number>', 'the number for SMS')
    .option('--telegram <chat>', "the chat's id")
    .option('--locale <tag>', 'the language')
    .option('--time-zone <zone>', 'the time zone, such as Europe/Moscow')
    .action(async (options: SetOptions) => {
      const { tenant, user: username } = options
      const changes = personFields.flatMap((field) => changeOf(field, options[field]))
      if (changes.length === 0) {
        throw fault('invalid-person', 'Nothing is given: pass --name, --email or another')
      }
      await requireTenant(options.cell, tenant)
      const person = await withPeople(options, async (book) => {
        const before = await book.find(tenant, username)
        const next = withChanges(before ?? {}, changes)
        await book.put(tenant, { username, person: next })
        return next
      })
      print(line({ username, person }))
    })
}

type Change = readonly [PersonField, string]

/** @throws EcosError `invalid-person` */
function changeOf(field: PersonField, given: string | undefined): Change[] {
  if (given === undefined || given === '') return given === '' ? [[field, '']] : []
  const parsed = newPersonFields[field].safeParse(given)
  if (parsed.success) return [[field, parsed.data]]
  throw new EcosError('invalid-person', `${field}: ${faultsIn(parsed.error)}`)
}

function withChanges(before: Person, changes: readonly Change[]): Person {
  const all = { ...before, ...Object.fromEntries(changes) }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

function removeCommand(): Command {
  return tableOptions(new Command('remove'))
    .description(
      'Removes all that is kept of a person: name, addresses, subscriptions, preferences',
    )
    .addOption(tenantOption())
    .addOption(userOption().makeOptionMandatory())
    .action(async (options: OfPerson) => {
      const { tenant, user } = options
      const removed = await withPeople(options, (book) => book.remove(tenant, user))
      if (removed.length === 0) await requireTenant(options.cell, tenant)
      print(
        removed.length > 0
          ? say('Removed: {what}', { what: removed.toSorted().join(', ') })
          : say('Nothing was kept'),
      )
      print(whatStays())
    })
}

/** The stores that forget by themselves, and what makes new items. */
const whatStays = below(
  `The links to their own page are revoked: when, stays on record.
Until it expires, there stays with the user name:
  the record of each notification, with its address: 30 days after it was made or was due
  the content of notifications, as they were sent: 30 days; of reminders that wait or failed: 430 days
  messages in queues: 4 days; in dead-letter queues: 14 days
  the record of what operators did to these notifications and addresses: 400 days
  events with large payloads: 30 days; the archive of events, if there is one: archiveDays
The tenant's rules go on for this user name as long as ECOS names it in events.`,
  `Ссылки на личную страницу отозваны; время отзыва остаётся в записи.
До истечения срока с именем пользователя остаются:
  запись о каждом уведомлении с адресом: 30 дней с создания или со срока напоминания
  содержимое уведомлений, каким оно отправлено: 30 дней; ожидающих и не отправленных напоминаний: 430 дней
  сообщения в очередях: 4 дня; в DLQ: 14 дней
  запись о том, что операторы делали с этими уведомлениями и адресами: 400 дней
  события с большими данными: 30 дней; архив событий, если он есть: archiveDays
Правила тенанта действуют для этого имени, пока ECOS называет его в событиях.`,
)
