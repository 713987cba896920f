import { ownValue } from './own-value.ts'

/** What stands for the places of a text such as `{name} is not closed`. */
export type Values = Readonly<Record<string, string | number>>

/** The text with its values. A place without a value stays. */
export function fill(text: string, values: Values = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name) => String(ownValue(values, name) ?? place))
}
