import { filtered, type Type, type Value } from './liquid.ts'

/** A value as FreeMarker writes it into a text: numbers and dates as their language does. */
export function shown(value: Value): Value {
  switch (value.type) {
    case 'number':
    case 'mixed':
      return filtered(value, ['number'], 'text')
    case 'date':
    case 'time':
    case 'datetime':
      return dateInWords(value)
    default:
      return value
  }
}

/** A date in the reader's language. @param style `short`, `medium`, `long`, `full`, with `_` two */
export function dateInWords(value: Value, style = 'short'): Value {
  const isLong = /^(long|full)/.test(style)
  const filters: Partial<Record<Type, string>> = {
    date: `date_format: "${isLong ? 'long' : 'short'}"`,
    time: 'date_format: "HH:mm"',
    datetime: isLong ? 'date_long' : 'date_short',
  }
  return filtered(value, [filters[value.type ?? 'datetime'] ?? 'date_short'], 'text')
}
