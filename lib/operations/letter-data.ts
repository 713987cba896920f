import { isObject, parseJson } from '../parse.ts'
import type { DeadLetter } from './dead-letter.ts'

/**
 * The data of the event in a letter: of an event from the bus, or of a message of events 1.0 in the quarantine or at
 * the broker. Undefined of a notification, and where the letter has none or it can't be read.
 */
export function dataOfLetter({ kind, body }: Pick<DeadLetter, 'kind' | 'body'>): unknown {
  const message = parseJson(body)
  if (!isObject(message)) return undefined
  switch (kind) {
    case 'event': {
      const { detail } = message
      return isObject(detail) ? detail['data'] : undefined
    }
    case 'message':
      return message['data']
    case 'quarantined': {
      const sent = message['body']
      if (typeof sent !== 'string') return undefined
      const inside = parseJson(Buffer.from(sent, 'base64').toString())
      return isObject(inside) ? inside['data'] : undefined
    }
    case 'notification':
      return undefined
  }
}
