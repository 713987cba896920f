import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { contentOf } from './yaml-content.ts'

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
  lineOf(path: Path): number
}

type Path = readonly (PropertyKey | undefined)[]

/** Parses YAML whose keys are all text. */
export function parseYamlFile(text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const lineOf = createLineOf(document, lineAt)
  // A tag that YAML does not know is only a warning, and would be ignored.
  const syntaxFaults = [...document.errors, ...document.warnings].map((error) => ({
    line: lineAt(error.pos[0]),
    problem: problemOf(error),
  }))
  if (syntaxFaults.length > 0) return { faults: syntaxFaults, content: undefined, lineOf }
  const textAt = (offset: number) => text.split('\n')[lineAt(offset) - 1] ?? ''
  const { content, faults } = contentOf(document, textAt)
  return {
    faults: faults.map(({ offset, problem }) => ({ line: lineAt(offset), problem })),
    content: faults.length > 0 ? undefined : content,
    lineOf,
  }
}

function problemOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins: the file has to be one'
  // The library appends an excerpt of several lines to its message.
  return message.split(/ at line|\n/)[0] ?? code
}

/** Looks paths up in the document. Each map is indexed once: thousands of tenants may have a fault each. */
function createLineOf(document: Document, lineAt: (offset: number) => number) {
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>()

  return (path: Path): number => {
    let node: unknown = document.contents
    let offset = 0
    for (const part of path) {
      const pair = isMap(node) ? indexOf(node).get(String(part)) : undefined
      const found = isSeq(node) ? node.items[Number(part)] : pair?.key
      if (!isNode(found)) break
      offset = found.range?.[0] ?? offset
      node = pair?.value ?? found
    }
    return lineAt(offset)
  }

  function indexOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = indexes.get(map)
    if (known !== undefined) return known
    const index = new Map(
      map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])),
    )
    indexes.set(map, index)
    return index
  }
}
