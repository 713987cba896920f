import { Liquid, UndefinedVariableError } from 'liquidjs'
import { type AddressRules, checkAddress } from '../../channels/addresses/address.ts'
import type { CheckedAddress } from '../../channels/addresses/checked.ts'
import type { ChannelName } from '../../channels/channel.ts'
import { EcosError } from '../../errors.ts'
import { late } from '../../late.ts'
import type { Person } from '../person.ts'
import { boundedContext } from '../templates/steps.ts'

/** Without files. `parseLimit` counts characters, `memoryLimit` roughly bytes. */
const liquid = late(
  () =>
    new Liquid({
      templates: {},
      ownPropertyOnly: true,
      strictFilters: true,
      strictVariables: true,
      parseLimit: 2048,
      memoryLimit: 100_000,
      locale: 'en-US',
    }),
)

/** Far more steps than a line with a name takes. */
const maxSteps = 10_000

interface RuleAction {
  readonly channel: ChannelName
  readonly address: string
}

/** Whoever a rule's address is rendered for. */
export interface RulePerson {
  readonly username: string
  readonly person?: Person
}

function addressFor(address: string, { username, person = {} }: RulePerson): string {
  const { email, phone, telegram } = person
  // A name without a value fails, so that no address is made of the rest.
  const known = Object.entries({ username, email, phone, telegram }).filter(([, value]) => value)
  const model = Object.fromEntries(known)
  return String(liquid.renderSync(liquid.parse(address), boundedContext(liquid, model, maxSteps)))
}

/**
 * The address of a rule's action for one person. Whether the cell allows private webhooks is for their
 * sender to say.
 *
 * @throws EcosError `invalid-address`
 */
export function ruleAddress({ channel, address }: RuleAction, of: RulePerson): string {
  const checked = checkAddress(channel, personalAddress(address, of), { allowPrivate: true })
  if ('address' in checked) return checked.address
  throw new EcosError('invalid-address', `the address ${checked.problem}`)
}

/** Whether the rule's action makes this address of the person's name or of what is known of them. */
export function isMadeFor(of: RulePerson, action: RuleAction, address: string): boolean {
  try {
    return action.address !== address && ruleAddress(action, of) === address
  } catch {
    return false
  }
}

/** @throws EcosError `invalid-address` for an address of a person that is not known */
function personalAddress(address: string, of: RulePerson): string {
  try {
    return addressFor(address, of)
  } catch (error) {
    if (!(error instanceof UndefinedVariableError)) throw error
    const { variableName } = error.originalError as { readonly variableName?: string }
    const problem = `the person's ${variableName} is not known: set it with "people set"`
    throw new EcosError('invalid-address', problem)
  }
}

/** Whether a rule's address can be rendered for somebody of whom all is known. */
export function isRuleAddress(address: string): boolean {
  try {
    return addressFor(address, examples[0]).trim() !== ''
  } catch {
    return false
  }
}

const person = { email: 'smith@example.org', phone: '+79991234567', telegram: '1234567' }

/** People for whom a rule's address is tried: by name, and by numbers for chats and telephones. */
const examples = [
  { username: 'smith', person },
  { username: '1234567', person },
  { username: '79991234567', person },
] as const

/** A rule's address must be one that the channel delivers to, for some user name. */
export function checkRuleAddress(
  channel: ChannelName,
  address: string,
  rules?: AddressRules,
): CheckedAddress {
  if (!/\{[{%]/.test(address)) return checkAddress(channel, address, rules)
  if (!isRuleAddress(address)) {
    return {
      problem:
        'may use {{ username }}, {{ email }}, {{ phone }} and {{ telegram }}, and no other variable',
    }
  }
  const checked = examples.map((one) => checkAddress(channel, addressFor(address, one), rules))
  const [first] = checked
  return first && checked.every((one) => 'problem' in one) ? first : { address }
}
