/** A value of an item, as DynamoDB's JSON has it: `{"S": "text"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, AttributeValue>>

/** Of a list, a map, and each of their elements. */
const containerOverhead = 3
const elementOverhead = 1

/**
 * The bytes of an item as DynamoDB bills them.
 *
 * Source: Amazon DynamoDB developer guide, "DynamoDB item sizes and formats"
 */
export function itemSize(item: Item): number {
  return sum(
    Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)),
  )
}

function valueSize(value: AttributeValue): number {
  const [type, content] = Object.entries(value)[0] ?? ['NULL', true]
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content))
    case 'N':
      return numberSize(String(content))
    case 'B':
      return Buffer.from(String(content), 'base64').length
    case 'SS':
      return sum((content as string[]).map((text) => Buffer.byteLength(text)))
    case 'NS':
      return sum((content as string[]).map(numberSize))
    case 'BS':
      return sum((content as string[]).map((text) => Buffer.from(text, 'base64').length))
    case 'L':
      return (
        containerOverhead +
        sum((content as AttributeValue[]).map((one) => valueSize(one) + elementOverhead))
      )
    case 'M': {
      const map = content as Item
      return containerOverhead + itemSize(map) + elementOverhead * Object.keys(map).length
    }
    default:
      // NULL and BOOL.
      return 1
  }
}

/** One byte for every two significant digits, and one more. */
function numberSize(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e')
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '')
  return Math.ceil(digits.length / 2) + 1
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
