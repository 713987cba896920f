/**
 * AMQP's header values as JSON and back. JSON holds texts, booleans, null, tables, lists and most
 * numbers as they are. The other types become `{"!": type, "value": …}`, as amqplib writes those that
 * JavaScript lacks (timestamps, decimals); so does a table that has a field `!` of its own.
 *
 * Source: https://www.rabbitmq.com/docs/amqp-0-9-1-errata#section_3
 */
export function toJsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return typed('bytes', Buffer.from(value).toString('base64'))
  if (typeof value === 'bigint') return typed('int64', String(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return typed('double', String(value))
  if (isTyped(value)) {
    return isOfAmqplib(value) ? value : typed('object', mapParts(value, toJsonValue))
  }
  return mapParts(value, toJsonValue)
}

/** The values as amqplib publishes them. */
export function fromJsonValue(value: unknown): unknown {
  if (isTyped(value)) {
    if (value['!'] === 'bytes') return Buffer.from(String(value.value), 'base64')
    if (value['!'] === 'int64') return typed('int64', BigInt(String(value.value)))
    if (value['!'] === 'double') return typed('double', Number(value.value))
    if (value['!'] === 'object') return typed('object', mapParts(value.value, fromJsonValue))
    return value
  }
  if (isMistakable(value)) return typed('double', value)
  return mapParts(value, fromJsonValue)
}

/** Whether amqplib takes the double for a 64-bit integer, and fails: a large fraction, or below all integers. */
function isMistakable(value: unknown): boolean {
  if (typeof value !== 'number') return false
  return value < -(2 ** 63) || (Math.abs(value) >= 2 ** 50 && !Number.isInteger(value))
}

/** A message's properties as amqplib publishes them. Their headers are a table, also where a field is named `!`. */
export function fromJsonProperties(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all = mapParts(properties, fromJsonValue) as Record<string, unknown>
  const { headers } = all
  return isTyped(headers) && headers['!'] === 'object' ? { ...all, headers: headers.value } : all
}

interface Typed {
  readonly '!': string
  readonly value: unknown
}

function typed(type: string, value: unknown): Typed {
  return { '!': type, value }
}

function isTyped(value: unknown): value is Typed {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '!')
}

/** Whether amqplib, or `keepExactHeaders`, made it of one value, and not a producer of a table. */
function isOfAmqplib({ '!': type, value }: Typed): boolean {
  if (type === 'int64') return typeof value === 'string' && /^-?\d+$/.test(value)
  if (type === 'timestamp') return typeof value === 'number'
  if (type !== 'decimal' || typeof value !== 'object' || value === null) return false
  const { places, digits } = value as { readonly places?: unknown; readonly digits?: unknown }
  return typeof places === 'number' && typeof digits === 'number'
}

function mapParts(value: unknown, map: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]))
}
