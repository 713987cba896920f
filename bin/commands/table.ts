import type { heads } from '../russian/heads.ts'
import { translated } from '../say.ts'
import { oneLine } from './printable.ts'

export type Head = keyof typeof heads

/** Between two columns, and before the first. */
const gap = '  '

/** Before the lines that hold the columns for which a row has no room. */
const indent = '      '

/**
 * A table with a line for each row. In a terminal too narrow for it the last columns go below their row, each with
 * its name: nothing is cut, as ids are copied and reasons are read.
 *
 * @param width of the terminal; without one, everything fits
 */
export function table(
  head: readonly Head[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
  const names = head.map((name) => translated(name))
  const cells = rows.map((row) => row.map(oneLine))
  const lines = [names.map((name) => name.toUpperCase()), ...cells]
  const widths = head.map((_, at) => longest(lines.map((row) => row[at] ?? '')))
  const fitting = columnsThatFit(widths, width)
  const below = (row: readonly string[]) =>
    detailsOf(names.slice(fitting), row.slice(fitting), width)
  return lines
    .flatMap((row, at) => [lineOf(row.slice(0, fitting), widths), ...(at > 0 ? below(row) : [])])
    .join('\n')
}

/** How many columns a line has room for: one at least. */
function columnsThatFit(widths: readonly number[], width: number): number {
  let used = 0
  const full = widths.findIndex((one) => {
    used += gap.length + one
    return used > width
  })
  return full === -1 ? widths.length : Math.max(1, full)
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) => gap + cell.padEnd(widths[at] ?? 0))
    .join('')
    .trimEnd()
}

/** Names and values, broken between words. A word that is longer than a line stays whole. */
function detailsOf(names: readonly string[], row: readonly string[], width: number): string[] {
  const words = row.flatMap((cell, at) =>
    cell === '' || cell === '-' ? [] : [`${gap.slice(1)}${names[at]}:`, ...cell.split(' ')],
  )
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    const longer = `${last} ${word}`
    if (last === undefined || longer.length > width) lines.push(indent + word.trimStart())
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** A call with an argument for each of a hundred thousand rows would overflow the stack. */
function longest(cells: readonly string[]): number {
  return cells.reduce((length, cell) => Math.max(length, cell.length), 0)
}
