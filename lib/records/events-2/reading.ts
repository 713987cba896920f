import { asTime, dataBytesOf, type EcosEvent } from '../../events/event.ts'
import { asAttribute } from '../../events/event-id.ts'
import { isTypeName } from '../../events/event-type.ts'
import { matchesWith } from '../../events/predicate-match.ts'
import { ownValue } from '../../own-value.ts'
import type { InterestsOf } from '../interests.ts'
import { namedAttributes } from './attributes.ts'
import { dataOf, decodeEvent2, type Refusal2, recordOf } from './codec.ts'

/** `unasked`: the event does not match the filter of its interest. */
export type Reading2 =
  | { readonly outcome: 'event'; readonly event: EcosEvent }
  | { readonly outcome: 'unasked' }
  | { readonly outcome: 'refused'; readonly reason: Refusal2; readonly explanation: string }

/**
 * Reads one message as the event that goes to the bus. Sources apply the filter too, but may not know it
 * yet, or only an older one.
 */
export async function readEvent2(
  { tenant, body }: { readonly tenant: string; readonly body: Uint8Array },
  interestsOf: InterestsOf,
): Promise<Reading2> {
  const decoded = await decodeEvent2(body)
  if (decoded.outcome === 'refused') return decoded
  const attributes = namedAttributes(decoded.event)
  const event = { ...decoded.event, attributes }
  const { id, type } = event
  if (!isTypeName(type)) {
    const explanation = '"type" is not up to 128 letters, digits and . _ - : / @'
    return { outcome: 'refused', reason: 'not-an-event-2', explanation }
  }
  const filter = (await interestsOf(tenant))[type]?.filter
  if (filter && !matchesWith(filter, (path) => ownValue(attributes, path)))
    return { outcome: 'unasked' }
  const time = asTime(event.time.getTime())
  const subject = asAttribute(recordOf(event))
  return {
    outcome: 'event',
    event: {
      tenant,
      type,
      id,
      ...(time && { time }),
      ...(subject !== undefined && { subject }),
      data: dataBytesOf(dataOf(event)),
    },
  }
}
