import { type Document, isAlias, isCollection, isMap, isNode, isScalar, type Pair } from 'yaml'

/** A fault of a YAML document, and the offset at which it stands. */
export interface ContentFault {
  readonly offset: number
  readonly problem: string
}

/**
 * Converts a document to plain values and finds what the library accepts or takes long to find, in one walk: with
 * 10,000 tenants it compares each key with all others, and looks through the whole file for each alias. The values
 * of aliases are shared, not copied.
 *
 * @param lineAt the text of the line at an offset, for messages
 */
export function contentOf(document: Document, lineAt: (offset: number) => string) {
  const faults: ContentFault[] = []
  /** The last value with each anchor so far. */
  const anchored = new Map<string, unknown>()
  /** The collections around the node. */
  const around = new Set<unknown>()
  return { content: convert(document.contents), faults }

  function convert(node: unknown): unknown {
    if (isAlias(node)) return aliased(node.source, node.range?.[0])
    if (isScalar(node)) return anchor(node.anchor, node.value)
    if (!isCollection(node)) return null
    const value: unknown[] | Record<string, unknown> = isMap(node) ? {} : []
    anchor(node.anchor, value)
    around.add(value)
    if (isMap(node)) addPairs(value as Record<string, unknown>, node.items)
    else for (const item of node.items) (value as unknown[]).push(convert(item))
    around.delete(value)
    return value
  }

  function anchor<Value>(name: string | undefined, value: Value): Value {
    if (name) anchored.set(name, value)
    return value
  }

  function aliased(name: string, offset = 0): unknown {
    const value = anchored.get(name)
    if (!anchored.has(name)) {
      faults.push({ offset, problem: `there is no anchor &${name} before *${name}` })
    } else if (around.has(value)) {
      faults.push({ offset, problem: `*${name} stands inside of its own anchor` })
    }
    return value
  }

  function addPairs(map: Record<string, unknown>, pairs: readonly Pair[]): void {
    for (const { key, value } of pairs) {
      const offset = (isNode(key) && key.range?.[0]) || 0
      const problem = problemOfKey(key, lineAt, offset)
      if (problem !== undefined) {
        faults.push({ offset, problem })
        convert(key)
        convert(value)
        continue
      }
      const name = String(convert(key))
      if (Object.hasOwn(map, name)) {
        faults.push({ offset, problem: `the key ${name} is there twice` })
      }
      map[name] = convert(value)
    }
  }
}

/** Characters of a line that an error quotes. */
const maxQuoted = 100

/**
 * Finds a key that a JavaScript object would hold under another name, or not at all: YAML reads `007` as 7 and
 * `1.10` as 1.1, and an object takes `__proto__` for its prototype.
 */
function problemOfKey(
  key: unknown,
  lineAt: (offset: number) => string,
  offset: number,
): string | undefined {
  if (isScalar(key) && key.value === '__proto__') return 'the key __proto__ is reserved'
  if (isScalar(key) && typeof key.value === 'string') return undefined
  const fix = isScalar(key) && key.source ? `; write it in quotes: '${key.source}'` : ''
  const quoted = JSON.stringify(lineAt(offset).trim().slice(0, maxQuoted))
  return `the key of ${quoted} is not text in YAML${fix}`
}
