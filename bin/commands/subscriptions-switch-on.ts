import { Command, Option } from 'commander'
import { checkAddress } from '../../lib/channels/addresses/address.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import { fault, say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import {
  type TableOptions,
  tableOptions,
  tenantOption,
  userOption,
  withBook,
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
  return tableOptions(new Command('switch-on'))
    .description('Switches an address on again that a provider had reported as gone')
    .addOption(tenantOption())
    .addOption(userOption().makeOptionMandatory())
    .addOption(
      new Option('--channel <name>', 'the channel').choices(channelNames).makeOptionMandatory(),
    )
    .requiredOption('--address <address>', 'as "subscriptions list" shows it')
    .action(async (options: PlaceOptions) => {
      const { tenant, user: username, channel } = options
      const checked = checkAddress(channel, options.address, { allowPrivate: true })
      const address = 'address' in checked ? checked.address : options.address
      const place = { tenant, username, channel, address }
      const count = await withBook(options, (book) => book.switchOn(place))
      if (count === 0) {
        await requireTenant(options.cell, tenant)
        const problem = 'No subscription of {user} has this address switched off'
        throw fault('not-switched-off', problem, { user: username })
      }
      print(say('Switched on'))
    })
}
