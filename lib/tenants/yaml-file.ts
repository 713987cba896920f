import {
  type Document,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml'

/** A fault of a YAML file, with its line. */
export interface Fault {
  readonly line: number
  readonly problem: string
}

/** A YAML file: its content, or why it has none. */
export interface YamlFile {
  readonly faults: readonly Fault[]
  /** Undefined where there are faults. */
  readonly content: unknown
  /** The line of the deepest part of the path that exists in the file. */
  lineOf(path: readonly (PropertyKey | undefined)[]): number
}

/** Parses YAML whose keys are all text. */
export function parseYamlFile(text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  // A tag that YAML does not know is only a warning, and would be ignored.
  const syntaxFaults = [...document.errors, ...document.warnings].map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    // The library appends an excerpt of several lines to its message.
    problem: error.message.split(/ at line|\n/)[0] ?? error.code,
  }))
  const faults =
    syntaxFaults.length > 0
      ? syntaxFaults
      : [
          ...keyFaults(document, text, lines),
          ...repeatedKeys(document, lines),
          ...aliasFaults(document, lines),
        ]
  return {
    faults,
    // Thousands of tenants may share one list; the objects of an alias are shared too, and not copied.
    content: faults.length > 0 ? undefined : document.toJS({ maxAliasCount: -1 }),
    lineOf: (path) => lineOf(document, lines, path),
  }
}

/** Characters of a line that an error quotes. */
const maxQuoted = 100

/**
 * Finds the keys that a JavaScript object would hold under another name, or not at all: YAML reads `007`
 * as 7 and `1.10` as 1.1, and an object takes `__proto__` for its prototype.
 */
function keyFaults(document: Document, text: string, lines: LineCounter): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Pair(_, pair) {
      const problem = problemOfKey(pair)
      if (problem === undefined) return
      const offset = (isNode(pair.key) && pair.key.range?.[0]) || 0
      const { line } = lines.linePos(offset)
      const quoted = (text.split('\n')[line - 1] ?? '').trim().slice(0, maxQuoted)
      faults.push({ line, problem: problem.replace('LINE', () => JSON.stringify(quoted)) })
    },
  })
  return faults
}

/** Finds keys that a map has twice. The library compares each key with all others: 10,000 tenants take long. */
function repeatedKeys(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const { line } = lines.linePos(key.range?.[0] ?? 0)
        if (seen.has(key.value))
          faults.push({ line, problem: `the key ${key.value} is there twice` })
        seen.add(key.value)
      }
    },
  })
  return faults
}

/**
 * Finds aliases that the library reports without a line, or not at all. The library looks through the whole file
 * for each alias: 10,000 tenants take minutes.
 */
function aliasFaults(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = []
  const anchors = new Map<string, Node>()
  visit(document, {
    Value(_, node) {
      if (node.anchor) anchors.set(node.anchor, node)
    },
    Alias(_, alias, ancestors) {
      const anchored = anchors.get(alias.source)
      const problem =
        anchored === undefined
          ? `there is no anchor &${alias.source} before *${alias.source}`
          : ancestors.includes(anchored) && `*${alias.source} stands inside of its own anchor`
      if (problem) faults.push({ line: lines.linePos(alias.range?.[0] ?? 0).line, problem })
    },
  })
  return faults
}

function problemOfKey({ key }: Pair): string | undefined {
  if (isScalar(key) && key.value === '__proto__') return 'the key __proto__ is reserved'
  if (isScalar(key) && typeof key.value === 'string') return undefined
  const fix = isScalar(key) && key.source ? `; write it in quotes: '${key.source}'` : ''
  return `the key of LINE is not text in YAML${fix}`
}

function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly (PropertyKey | undefined)[],
): number {
  let offset = 0
  for (let depth = path.length; depth > 0 && offset === 0; depth -= 1) {
    offset = offsetOf(document, path.slice(0, depth))
  }
  return lines.linePos(offset).line
}

function offsetOf(document: Document, path: readonly (PropertyKey | undefined)[]): number {
  const parent = document.getIn(path.slice(0, -1), true)
  const key = path.at(-1)
  let offset = 0
  visit(isNode(parent) ? parent : document.contents, {
    Pair(_, pair) {
      if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key && offset === 0) {
        offset = pair.key.range?.[0] ?? 0
      }
      return offset === 0 ? undefined : visit.BREAK
    },
  })
  if (offset > 0) return offset
  const node = document.getIn(path, true)
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
