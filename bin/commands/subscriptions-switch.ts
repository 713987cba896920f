import { Command, Option } from 'commander'
import { checkAddress } from '../../lib/channels/addresses/address.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import type { Switchable } from '../../lib/operations/repairs.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { repairsOf } from './repair-ports.ts'
import {
  onTable,
  type TableOptions,
  tableOf,
  tableOptions,
  tenantOption,
  userOption,
} from './subscriptions-options.ts'
import { print } from './text.ts'

interface PlaceOptions extends TableOptions {
  readonly tenant: string
  readonly user: string
  readonly channel: ChannelName
  readonly address: string
}

/** `subscriptions switch-on`. */
export function switchOnCommand(): Command {
  return placeOptions('switch-on')
    .description('Switches an address on again that a provider or an operator has switched off')
    .action((options: PlaceOptions) => change(options, 'switchOn'))
}

/** `subscriptions switch-off`. */
export function switchOffCommand(): Command {
  return placeOptions('switch-off')
    .description('Stops all notifications to an address of a person; of push, removes the address')
    .action((options: PlaceOptions) => change(options, 'switchOff'))
}

function placeOptions(name: string): Command {
  return tableOptions(new Command(name))
    .addOption(tenantOption())
    .addOption(userOption().makeOptionMandatory())
    .addOption(
      new Option('--channel <name>', 'the channel').choices(channelNames).makeOptionMandatory(),
    )
    .requiredOption('--address <address>', 'as "subscriptions list" shows it')
}

async function change(options: PlaceOptions, how: 'switchOn' | 'switchOff'): Promise<void> {
  await requireTenant(options.cell, options.tenant)
  const subscriptionsTable = tableOf(options)
  const repairs = repairsOf({ cell: options.cell, subscriptionsTable })
  await onTable(subscriptionsTable, () => repairs[how](placeOf(options)))
  print(how === 'switchOn' ? say('Switched on') : say('Switched off'))
}

/** The address as "subscriptions add" stores it. */
export function placeOf({ tenant, user, channel, address }: PlaceOptions): Switchable {
  const checked = checkAddress(channel, address, { allowPrivate: true })
  const stored = 'address' in checked ? checked.address : address
  return { tenant, username: user, channel, address: stored }
}
