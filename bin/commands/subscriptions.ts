import { Command, Option } from 'commander'
import type { ActionsKey } from '../../lib/aws/tables/subscriptions-items.ts'
import { checkAddress } from '../../lib/channels/addresses/address.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import { isReservedKey } from '../../lib/channels/reserved-keys.ts'
import { EcosError } from '../../lib/errors.ts'
import { withActions, withoutPlace } from '../../lib/notifications/subscriptions/actions.ts'
import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import { newAction, newRuleAction } from '../../lib/notifications/subscriptions/new-action.ts'
import {
  type Action,
  type NextPlace,
  remindedType,
} from '../../lib/notifications/subscriptions/subscriptions.ts'
import { readKnown } from '../../lib/notifications/templates/files.ts'
import { unsuited } from '../../lib/notifications/templates/suits.ts'
import { faultsIn } from '../../lib/parse.ts'
import { fault, say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { importCommand } from './subscriptions-import.ts'
import { rotateKeyCommand, showFirstKey } from './subscriptions-key.ts'
import { pageLinkCommand, revokeLinksCommand } from './subscriptions-links.ts'
import {
  type OfOptions,
  ofIn,
  ofOptions,
  type TableOptions,
  tableOptions,
  templatesOption,
  tenantOption,
  userOption,
  withBook,
} from './subscriptions-options.ts'
import { preferencesCommand } from './subscriptions-preferences.ts'
import { switchOffCommand, switchOnCommand } from './subscriptions-switch.ts'
import { entriesText } from './subscriptions-text.ts'
import { condition, customData, nextPlace, reminder } from './subscriptions-values.ts'
import { note, print } from './text.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

/** `subscriptions list|add|remove|import|preferences|switch-off|switch-on|rotate-key|page-link|revoke-links`. */
export function subscriptionsCommand(): Command {
  return new Command('subscriptions')
    .description('Who is notified of which events, by which channel (AWS_* variables)')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(importCommand())
    .addCommand(preferencesCommand())
    .addCommand(switchOffCommand())
    .addCommand(switchOnCommand())
    .addCommand(rotateKeyCommand())
    .addCommand(pageLinkCommand())
    .addCommand(revokeLinksCommand())
}

type ListOptions = TableOptions &
  OutputOptions &
  WatchOptions & { readonly tenant: string; readonly user?: string }

function listCommand(): Command {
  return withWatch(withOutput(tableOptions(new Command('list'))))
    .description("Lists a tenant's subscriptions and rules, or one person's with their preferences")
    .addOption(tenantOption())
    .addOption(userOption())
    .action((options: ListOptions) => listed(options, () => list(options)))
}

async function list(options: ListOptions): Promise<void> {
  const { tenant, user } = options
  const entries = await withBook(options, (book) =>
    user === undefined ? book.ofTenant(tenant) : book.ofPerson(tenant, user),
  )
  if (entries.length === 0) await requireTenant(options.cell, tenant)
  printResult(options, entries, () => entriesText(entries))
}

interface AddOptions extends OfOptions {
  readonly channel: ChannelName
  readonly address: string
  readonly locale?: string
  readonly template?: string
  readonly templates: string
  readonly condition?: unknown
  readonly data?: Record<string, string>
  readonly remind?: readonly string[]
  readonly next?: readonly NextPlace[]
  readonly allowPrivate?: boolean
}

function addCommand(): Command {
  return ofOptions(new Command('add'))
    .description('Adds an action, replacing any with the same channel and address')
    .addOption(channelOption().makeOptionMandatory())
    .requiredOption('--address <address>', 'where the channel delivers to')
    .option('--locale <tag>', "the language, if not the person's or the tenant's")
    .option('--template <name>', "the template, if not the event type's own")
    .addOption(templatesOption())
    .option('--condition <json>', 'a predicate on the event: docs/notifications.md', condition)
    .option('--data <name=path>', 'a variable for the template; may be repeated', customData)
    .option(
      '--remind <when>',
      'a reminder of a task, such as "1d before due", or "never"; may be repeated',
      reminder,
    )
    .option(
      '--next <place>',
      'where to send what was not delivered: "email smith@acme.example after 10m"; may be repeated',
      nextPlace,
    )
    .addOption(
      new Option('--allow-private', 'allow webhooks to private networks, and http to them').env(
        'WEBHOOK_ALLOW_PRIVATE',
      ),
    )
    .action(async (options: AddOptions) => {
      const { channel, address, locale, template, condition, data, remind, next } = options
      const of = ofIn(options)
      if (remind && of.eventType !== remindedType) {
        throw fault('invalid-action', '--remind is for tasks: pass --type {type}', {
          type: remindedType,
        })
      }
      const fresh = of.username === undefined ? newRuleAction(options) : newAction(options)
      const parsed = fresh.safeParse({
        channel,
        address,
        ...(locale && { locale }),
        ...(template && { template }),
        ...(condition !== undefined && { condition }),
        ...(data && { customData: data }),
        ...(remind && { reminders: remind }),
        ...(next && { next }),
      })
      if (!parsed.success) throw new EcosError('invalid-action', faultsIn(parsed.error))
      const added = [parsed.data]
      const problem = unsuited(parsed.data, of, readKnown(options.templates))
      if (problem !== undefined) throw new EcosError('invalid-action', problem)
      await requireTenant(options.cell, of.tenant)
      await withBook(options, (book) => book.change(of, (actions) => withActions(actions, added)))
      const reserved = channel === 'push' ? Object.keys(data ?? {}).filter(isReservedKey) : []
      if (reserved.length > 0)
        note(say('Push leaves out {names}: FCM reserves the name', { names: reserved.join(', ') }))
      const isAsGiven = parsed.data.address === address
      print(isAsGiven ? say('Added') : say('Added, with the address {address}', parsed.data))
      if (channel !== 'webhook') return
      // Each URL that a rule renders is an endpoint.
      if (parsed.data.address.includes('{'))
        note(say('Make its keys with "subscriptions rotate-key"'))
      else await showFirstKey({ ...options, address: parsed.data.address })
    })
}

interface RemoveOptions extends OfOptions {
  readonly channel?: ChannelName
  readonly address?: string
}

function removeCommand(): Command {
  return ofOptions(new Command('remove'))
    .description('Removes a subscription, or its actions at one address')
    .addOption(channelOption())
    .option('--address <address>', 'with --channel: only the actions at this address')
    .action(async (options: RemoveOptions) => {
      const { channel, address } = options
      if ((channel === undefined) !== (address === undefined)) {
        throw fault('half-a-place', 'Pass --channel and --address together, or neither')
      }
      const of = ofIn(options)
      const isThere = await withBook(options, async (book) => {
        const entries = await (of.username === undefined
          ? book.ofTenant(of.tenant)
          : book.ofPerson(of.tenant, of.username))
        const found = entries.some((entry) => isOf(entry, of))
        if (channel !== undefined && address !== undefined) {
          await book.change(of, (actions) => withoutAddress(actions, channel, address))
        } else await book.remove(of)
        return found
      })
      if (!isThere) await requireTenant(options.cell, of.tenant)
      print(say(isThere ? 'Removed' : 'There is nothing to remove'))
    })
}

/** Whether it is the subscription of that person, or the rule, also where it does not fit the schema. */
function isOf(entry: SubscriptionEntry, { username, eventType }: ActionsKey): boolean {
  if (entry.of === 'preferences' || entry.of === 'person') return false
  const { eventType: type, ...whose } = entry.of === 'subscription' ? entry.subscription : entry
  return type === eventType && ('username' in whose ? whose.username : undefined) === username
}

/** Without the actions at the address as it is given, and as "add" would store it. */
function withoutAddress(actions: readonly Action[], channel: ChannelName, given: string): Action[] {
  const checked = checkAddress(channel, given, { allowPrivate: true })
  const places = [given, ...('address' in checked ? [checked.address] : [])]
  return places.reduce<Action[]>(
    (left, address) => withoutPlace(left, { channel, address }),
    [...actions],
  )
}

function channelOption(): Option {
  return new Option('--channel <name>', 'the channel').choices(channelNames)
}
