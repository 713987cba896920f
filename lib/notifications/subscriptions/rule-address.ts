import { Liquid } from 'liquidjs'
import { type AddressRules, checkAddress } from '../../channels/addresses/address.ts'
import type { CheckedAddress } from '../../channels/addresses/checked.ts'
import type { ChannelName } from '../../channels/channel.ts'
import { EcosError } from '../../errors.ts'
import { boundedContext } from '../templates/steps.ts'

/** Without files. `parseLimit` counts characters, `memoryLimit` roughly bytes. */
const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  parseLimit: 2048,
  memoryLimit: 100_000,
})

/** Far more steps than a line with a name takes. */
const maxSteps = 10_000

interface RuleAction {
  readonly channel: ChannelName
  readonly address: string
}

function addressFor(address: string, username: string): string {
  return String(
    liquid.renderSync(liquid.parse(address), boundedContext(liquid, { username }, maxSteps)),
  )
}

/**
 * The address of a rule's action for one person. Whether the cell allows private webhooks is for their
 * sender to say.
 *
 * @throws EcosError `invalid-address`
 */
export function ruleAddress({ channel, address }: RuleAction, username: string): string {
  const checked = checkAddress(channel, addressFor(address, username), { allowPrivate: true })
  if ('address' in checked) return checked.address
  throw new EcosError('invalid-address', `the address ${checked.problem}`)
}

/** Whether a rule's address can be rendered from `username` alone. */
export function isRuleAddress(address: string): boolean {
  try {
    return addressFor(address, 'smith').trim() !== ''
  } catch {
    return false
  }
}

/** User names with which a rule's address is tried: a name, and numbers for chats and telephones. */
const examples = ['smith', '1234567', '79991234567']

/** A rule's address must be one that the channel delivers to, for some user name. */
export function checkRuleAddress(
  channel: ChannelName,
  address: string,
  rules?: AddressRules,
): CheckedAddress {
  if (!/\{[{%]/.test(address)) return checkAddress(channel, address, rules)
  if (!isRuleAddress(address)) {
    return { problem: 'may use {{ username }} and no other variable' }
  }
  const checked = examples.map((name) => checkAddress(channel, addressFor(address, name), rules))
  const [first] = checked
  return first && checked.every((one) => 'problem' in one) ? first : { address }
}
