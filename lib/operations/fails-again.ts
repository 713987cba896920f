import type * as z from 'zod'
import { noTenant } from '../bridge/bridge-queue.ts'
import { decodeBody } from '../bridge/decode-body.ts'
import { EcosError } from '../errors.ts'
import { parseData } from '../events/bus-event.ts'
import { catalogue, isEventType } from '../events/catalogue.ts'
import { decodeEvent } from '../events/event.ts'
import { parseEventMessage } from '../notifications/event-message.ts'
import { parseQueued } from '../notifications/notification.ts'
import { isObject, parseJson } from '../parse.ts'
import type { DeadLetter } from './dead-letter.ts'

/** Why a letter that is sent back now fails again for the same reason. */
export interface FailsAgain {
  /**
   * `letter`: this version can't read it either. `expired`: its time to live is over. `tenant`: its tenant is still
   * unknown.
   */
  readonly why: 'letter' | 'expired' | 'tenant'
  /** The code of the failure, as the letter's reason has it. */
  readonly code: string
  /** The error's own words: names fields, and no values. */
  readonly explanation?: string
}

/**
 * Tries what can be tried without sending the letter: whether this version can read it, whether it has expired and
 * whether its tenant is known.
 *
 * @param tenants those of the cell; undefined if they can't be read
 * @returns undefined if nothing speaks against sending it back
 */
export async function failsAgain(
  letter: Pick<DeadLetter, 'kind' | 'body' | 'reason'>,
  tenants: readonly string[] | undefined,
): Promise<FailsAgain | undefined> {
  const { kind, body, reason = '' } = letter
  switch (kind) {
    case 'event':
      return unread(() => {
        const event = parseEventMessage(body)
        const { eventType, dataref, data } = event
        if (dataref !== undefined || !isEventType(eventType)) return
        const schema: z.ZodType = catalogue[eventType].schema
        parseData(event, data, schema)
      })
    case 'notification':
      if (reason.startsWith('notification-expired')) {
        return { why: 'expired', code: 'notification-expired' }
      }
      return unread(() => void parseQueued(body))
    case 'quarantined':
      return refusedAgain(parseJson(body), reason, tenants)
    case 'message':
      return undefined
  }
}

function unread(read: () => void): FailsAgain | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (!(error instanceof EcosError)) throw error
    return { why: 'letter', code: error.code, explanation: error.message }
  }
}

/** The bridge would decode it anew. A body that is kept elsewhere, and one of events 2.0, are not tried. */
async function refusedAgain(
  record: unknown,
  reason: string,
  tenants: readonly string[] | undefined,
): Promise<FailsAgain | undefined> {
  if (!isObject(record)) return undefined
  const { tenant, queue, routingKey, properties, body } = record
  if (reason === 'unknown-tenant') {
    const isKnown = tenants === undefined || tenants.includes(String(tenant))
    return isKnown && tenant !== noTenant ? undefined : { why: 'tenant', code: reason }
  }
  if (typeof body !== 'string' || typeof tenant !== 'string') return undefined
  const key = typeof routingKey === 'string' && routingKey !== queue ? routingKey : undefined
  const bytes = Buffer.from(body, 'base64')
  const decoded = decodeEvent(tenant, key, bytes, await decodeBody(bytes, encodingOf(properties)))
  if (decoded.outcome !== 'refused' || decoded.reason !== reason) return undefined
  return { why: 'letter', code: reason, explanation: decoded.explanation }
}

function encodingOf(properties: unknown) {
  const { contentType, contentEncoding } = isObject(properties) ? properties : {}
  return { contentType, contentEncoding }
}
