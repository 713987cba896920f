import type * as z from 'zod'
import { type AddressRules, checkAddress } from '../../channels/addresses/address.ts'
import { localeField } from '../../locale.ts'
import { checkRuleAddress } from './rule-address.ts'
import { type Action, action } from './subscriptions.ts'

/**
 * A person's action to be stored: its address in the form that the channel delivers to, its language as
 * a canonical tag. Stored ones are not checked again: a delivery to an address that has become invalid
 * fails by itself, with the reason.
 */
export function newAction(rules?: AddressRules): z.ZodType<Action> {
  return checkedBy(checkAddress, rules)
}

/** An action of a tenant's rule to be stored. */
export function newRuleAction(rules?: AddressRules): z.ZodType<Action> {
  return checkedBy(checkRuleAddress, rules)
}

function checkedBy(check: typeof checkAddress, rules?: AddressRules): z.ZodType<Action> {
  return action.extend({ locale: localeField.optional() }).transform((given, context) => {
    const checked = check(given.channel, given.address, rules)
    if ('address' in checked) return { ...given, address: checked.address }
    context.addIssue({ code: 'custom', path: ['address'], message: checked.problem })
    return given
  })
}
