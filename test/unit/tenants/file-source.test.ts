import { expect, it } from '@jest/globals'
import { fileSource } from '../../../lib/tenants/file-source.ts'

/** Reads these states of a file one after another. @returns ids, of the last one */
async function follow(cell: string | undefined, ...texts: string[]) {
  let text = ''
  const read = fileSource({ file: 'tenants.yml', cell, readText: () => text })
  let last: Awaited<ReturnType<typeof read>> = 'unchanged'
  for (text of texts) last = await read(undefined)
  if (last === 'unchanged') throw new Error('nothing was read')
  const { tenants, leaving, moved = [] } = last
  return [tenants, leaving, moved].map((all) => all.map(({ id }) => id))
}

it('follows tenants that stay, are taken out, and go to another cell', async () => {
  const before = 'tenants: { a: , b: , c: , d: , x: { cell: north } }'
  const after = 'tenants: { a: , c: { cell: north }, d: { movingTo: north }, x: { cell: north } }'
  expect(await follow('main', before)).toEqual([['a', 'b', 'c', 'd'], [], []])
  expect(await follow('main', before, after)).toEqual([['a'], ['b'], ['c', 'd']])
  expect(await follow('main', before, after, before)).toEqual([['a', 'b', 'c', 'd'], [], []])
  // A worker that starts meanwhile.
  expect(await follow('main', after)).toEqual([['a'], [], ['d']])
  expect(await follow(undefined, before, after)).toEqual([['a', 'c', 'd', 'x'], ['b'], []])
})
