import fc from 'fast-check'

/** How a writer other than JSON.stringify may put the same value: spaces, escapes, exponents. */
export interface Style {
  readonly space: string
  readonly escaped: 'none' | 'all' | 'some'
}

export const style: fc.Arbitrary<Style> = fc.record({
  space: fc.constantFrom('', ' ', '\n', '\t \r\n'),
  escaped: fc.constantFrom('none', 'all', 'some'),
})

/** JSON text of a value, in that style. Numbers may be given as `{ "#": "1e400" }`, digit by digit. */
export function writeJson(value: unknown, how: Style): string {
  const { space } = how
  if (typeof value === 'string') return writeText(value, how)
  if (Array.isArray(value)) {
    return `[${space}${value.map((item) => writeJson(item, how)).join(`${space},${space}`)}${space}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if ('#' in value) return String(value['#'])
  const fields = Object.entries(value).map(
    ([key, item]) => `${writeText(key, how)}${space}:${space}${writeJson(item, how)}`,
  )
  return `{${space}${fields.join(`${space},${space}`)}${space}}`
}

function writeText(text: string, { escaped }: Style): string {
  if (escaped === 'none') return JSON.stringify(text)
  const units = text.split('').map((unit, index) => {
    const plain = JSON.stringify(unit).slice(1, -1)
    if (escaped === 'some' && index % 2 === 0 && !/[\ud800-\udfff]/.test(unit)) return plain
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${units.join('')}"`
}
