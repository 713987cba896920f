import { isMap, isNode, isScalar, isSeq, type Pair, parseDocument } from 'yaml'

/**
 * The lines of a tenant in tenants.yml: `start` ≤ `key` < `contentEnd` ≤ `end`. From `start` to `key` stand the
 * comments above it, from `contentEnd` to `end` those below its last field.
 */
export interface TenantLines {
  readonly start: number
  readonly key: number
  readonly contentEnd: number
  readonly end: number
  /** Spaces before the key. */
  readonly indentation: number
}

/**
 * Finds the lines of each tenant. A tenant's comments are those directly above its key, beside its fields, and
 * below them if they are indented further than the key. The library gives a comment to whatever node it has read
 * before, so that an edit of its document moves comments from one tenant to another.
 *
 * @returns nothing where tenants do not have lines of their own: `tenants: { acme: {} }`
 */
export function tenantLines(text: string): ReadonlyMap<string, TenantLines> {
  const tenants = parseDocument(text, { uniqueKeys: false }).get('tenants', true)
  if (!isMap(tenants) || tenants.flow) return new Map()
  const lines = text.split('\n')
  const starts = lineStarts(lines)
  return new Map(
    tenants.items.flatMap((pair) => {
      const range = rangeOf(pair)
      return range ? [[range.id, linesAround(lines, starts, range)]] : []
    }),
  )
}

/** Takes a tenant's lines out, and one of two empty lines that meet then. */
export function cutLines(text: string, { start, end }: TenantLines): string {
  const lines = text.split('\n')
  const isEmpty = (line = '') => line.trim() === ''
  const from = isEmpty(lines[end]) && isEmpty(lines[start - 1]) ? start - 1 : start
  return lines.toSpliced(from, end - from).join('\n')
}

/** Tenants that show the style of a file. */
const sample = 20

/**
 * A file with this tenant and few others, to edit one of thousands. The comments below its last field are left out:
 * the library would put them into its fields.
 */
export function partWith(
  id: string,
  text: string,
  tenants: ReadonlyMap<string, TenantLines>,
): string {
  const lines: (string | undefined)[] = text.split('\n')
  const own = tenants.get(id)
  for (const [index, [other, { start, end }]] of [...tenants].entries()) {
    if (other !== id && index >= sample) lines.fill(undefined, start, end)
  }
  for (let at = own?.contentEnd ?? lines.length; /^ *(#|$)/.test(lines[at] ?? ''); at += 1) {
    if (at >= lines.length) break
    lines[at] = undefined
  }
  return lines.filter((line) => line !== undefined).join('\n')
}

/** Puts a tenant's fields, as another text has them, in the place of its own, or before the line `end`. */
export function copyFields(
  text: string,
  at: Pick<TenantLines, 'key' | 'contentEnd' | 'indentation'>,
  from: { readonly text: string; readonly at: TenantLines },
): string {
  const fields = from.text.split('\n').slice(from.at.key, from.at.contentEnd)
  const moved = fields.map((line) => {
    return line.trim() && ' '.repeat(at.indentation) + line.slice(from.at.indentation)
  })
  const lines = text.split('\n')
  return lines.toSpliced(at.key, at.contentEnd - at.key, ...moved).join('\n')
}

interface Range {
  readonly id: string
  readonly from: number
  /** The offset of the last character of key and value. */
  readonly last: number
}

function rangeOf({ key, value }: Pair): Range | undefined {
  if (!isScalar(key) || !key.range) return undefined
  const [from, keyEnd] = key.range
  // A block ends where the next line begins.
  return { id: String(key.value), from, last: (endOf(value) ?? keyEnd) - 1 }
}

/**
 * The offset after the last key or value that is written in a node. The range of a collection may go on over the
 * comments that follow.
 *
 * @returns undefined if nothing is written
 */
function endOf(node: unknown): number | undefined {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1)
    return endOf(last?.value) ?? endOf(last?.key)
  }
  if (isSeq(node) && !node.flow) return endOf(node.items.at(-1))
  return isNode(node) ? node.range?.[1] : undefined
}

function linesAround(
  lines: readonly string[],
  starts: readonly number[],
  { from, last }: Range,
): TenantLines {
  const key = lineAt(starts, from)
  const contentEnd = lineAt(starts, last) + 1
  const indentation = from - (starts[key] ?? 0)
  let start = key
  while (commentIndentation(lines[start - 1]) <= indentation) start -= 1
  let end = contentEnd
  for (let line = contentEnd; line < lines.length; line += 1) {
    const comment = commentIndentation(lines[line])
    if (Number.isFinite(comment) && comment > indentation) end = line + 1
    else if (lines[line]?.trim() !== '') break
  }
  return { start, key, contentEnd, end, indentation }
}

/** @returns infinity for a line that is no comment */
function commentIndentation(line = ''): number {
  return /^( *)#/.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY
}

function lineStarts(lines: readonly string[]): number[] {
  let offset = 0
  return lines.map((line) => {
    const start = offset
    offset += line.length + 1
    return start
  })
}

/** Searches by halves: the last line that starts at the offset or before it. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low
}
