/**
 * A second reading of docs/notifications.md, Conditions, which shares no code with lib/events. Numbers have few
 * digits here, so that JavaScript's own comparison is right.
 */
export type Condition =
  | { readonly t: 'and'; readonly val: readonly Condition[] }
  | { readonly t: 'or'; readonly val: readonly Condition[] }
  | { readonly t: 'not'; readonly val: Condition }
  | { readonly t: 'empty'; readonly att: string }
  | { readonly t: 'in'; readonly att: string; readonly val: readonly Plain[] }
  | {
      readonly t: 'eq' | 'contains' | 'gt' | 'ge' | 'lt' | 'le'
      readonly att: string
      readonly val: Plain
    }
export type Plain = string | number | boolean

export function holds(condition: Condition, data: unknown): boolean {
  if (condition.t === 'and') return condition.val.every((part) => holds(part, data))
  if (condition.t === 'or') return condition.val.some((part) => holds(part, data))
  if (condition.t === 'not') return !holds(condition.val, data)
  const found = find(data, condition.att.split('.'))
  if (condition.t === 'empty') {
    return found === undefined || found === null || found === '' || isBare(found)
  }
  const isList = Array.isArray(found)
  const candidates = (isList ? found : [found]).flatMap(textsOf)
  if (condition.t === 'in') {
    return candidates.some((one) => condition.val.some((wanted) => isSame(one, wanted)))
  }
  const { t, val } = condition
  if (t === 'eq') return candidates.some((one) => isSame(one, val))
  if (t === 'contains') {
    if (isList) return candidates.some((one) => isSame(one, val))
    return candidates.some((one) => String(one).toLowerCase().includes(String(val).toLowerCase()))
  }
  return candidates.some((one) => {
    const [a, b] = bothValues(one, val) ?? [String(one), String(val)]
    if (t === 'gt') return a > b
    if (t === 'ge') return a >= b
    if (t === 'lt') return a < b
    return a <= b
  })
}

function isBare(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** The single values of an element: an object counts as the list of its texts. */
function textsOf(value: unknown): Plain[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).filter((text) => typeof text === 'string')
  }
  return value === null || value === undefined ? [] : [value as Plain]
}

function isSame(value: Plain, wanted: Plain): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') return value === wanted
  const both = bothValues(value, wanted)
  return both ? both[0] === both[1] : String(value) === String(wanted)
}

function bothValues(a: Plain, b: Plain): [number, number] | undefined {
  const [x, y] = [amountOf(a), amountOf(b)]
  return x === undefined || y === undefined ? undefined : [x, y]
}

function amountOf(value: Plain): number | undefined {
  if (typeof value !== 'string') return typeof value === 'number' ? value : undefined
  const [, day, clock, hours, minutes] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(?:Z|([+-]\d\d):?(\d\d))?)?$/i.exec(value) ?? []
  if (day !== undefined) {
    const time = Date.parse(`${day}T${clock ?? '00:00'}${hours ? `${hours}:${minutes}` : 'Z'}`)
    const isInCalendar = new Date(`${day}T00:00Z`).getUTCDate() === Number(day.slice(-2))
    return Number.isNaN(time) || !isInCalendar ? undefined : time
  }
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : undefined
}

function find(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value
  if (Array.isArray(value)) {
    if (/^\d+$/.test(name)) return find(value[Number(name)], rest)
    const each = value
      .flatMap((element) => find(element, [name]))
      .filter((one) => one !== undefined)
    return each.length === 0 ? undefined : find(each, rest)
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return find(Object.entries(value).find(([key]) => key === name)?.[1], rest)
}
