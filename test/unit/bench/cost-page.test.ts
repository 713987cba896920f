import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { costTables } from '../../../bench/cost/page.ts'

/** A table's cells, however the formatter pads them. */
function cellsOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'))
  return lines.map((line) => line.split('|').map((cell) => cell.trim()))
}

it('docs/cost.md has the counts and prices of bench/cost: npm run bench:cost -- --page writes them', () => {
  const [, page = ''] = readFileSync('docs/cost.md', 'utf8').split(/<!-- \/?counts[^>]*-->/)
  expect(cellsOf(page)).toEqual(cellsOf(costTables()))
})
