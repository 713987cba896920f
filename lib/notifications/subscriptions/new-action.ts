import type * as z from 'zod'
import { type AddressRules, checkAddress } from '../../channels/addresses/address.ts'
import { localeField } from '../../locale.ts'
import { isAt } from './actions.ts'
import { checkRuleAddress } from './rule-address.ts'
import { type Action, action, placesOf } from './subscriptions.ts'

/**
 * A person's action to be stored: its addresses in the form that the channel delivers to, its language as
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
    const fault = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path, 'address'], message })
    const places = placesOf(given).map((place, index) => {
      const path = index === 0 ? [] : ['next', index - 1]
      const checked = check(place.channel, place.address, rules)
      if ('address' in checked) return { ...place, address: checked.address }
      fault(path, checked.problem)
      return place
    })
    for (const [index, place] of places.entries()) {
      if (places.slice(0, index).some(isAt(place))) {
        fault(['next', index - 1], 'is tried already')
      }
    }
    const [own, ...next] = places
    return { ...given, address: own?.address ?? '', ...(given.next && { next }) }
  })
}
