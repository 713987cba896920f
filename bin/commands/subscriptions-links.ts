import { Command, Option } from 'commander'
import { secretText } from '../../lib/aws/secrets.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { revokeLinks } from '../../lib/aws/tables/own-settings.ts'
import { below } from '../../lib/channels/below.ts'
import { ownLinkDays, signOwnLink } from '../../lib/channels/own-link.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import {
  onTable,
  type TableOptions,
  tableOf,
  tableOptions,
  tenantOption,
  userOption,
} from './subscriptions-options.ts'
import { print } from './text.ts'

interface PersonOptions extends TableOptions {
  readonly tenant: string
  readonly user: string
}

function personOptions(name: string, description: string): Command {
  return tableOptions(new Command(name))
    .description(description)
    .addOption(tenantOption())
    .addOption(userOption().makeOptionMandatory())
}

/** `subscriptions page-link`. */
export function pageLinkCommand(): Command {
  return personOptions('page-link', "Prints a link to a person's own page of notifications")
    .addOption(
      new Option('--url <url>', "the page's address: the stack's output OwnPageUrl")
        .env('OWN_PAGE_URL')
        .makeOptionMandatory(),
    )
    .action(async ({ cell, tenant, user, url }: PersonOptions & { url: string }) => {
      await requireTenant(cell, tenant)
      const secrets = await secretText(`${cellPrefix(cell)}/page`)
      const issuedAt = Math.floor(Date.now() / 1000)
      const of = { purpose: 'page', tenant, username: user, issuedAt, eventType: '' } as const
      print(`${below(url, `page/${signOwnLink(secrets, of)}`)}`)
      print(
        say('It works for {days} days, without a login: give it to nobody else', {
          days: ownLinkDays,
        }),
      )
    })
}

/** `subscriptions revoke-links`. */
export function revokeLinksCommand(): Command {
  return personOptions(
    'revoke-links',
    "Revokes the links to a person's own page that they have got so far",
  ).action(async ({ tenant, user, ...options }: PersonOptions) => {
    await requireTenant(options.cell, tenant)
    const table = tableOf(options)
    const at = new Date()
    await onTable(table, () => revokeLinks(table, createDynamoDb(), { tenant, username: user, at }))
    print(say('Revoked. Later mails have new links'))
  })
}
