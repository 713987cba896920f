import { expect, it } from '@jest/globals'
import { fileSource, tenantsInFile } from '../../../lib/tenants/file-source.ts'

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

it('reads nothing anew where the file is as it is known', async () => {
  const text = 'tenants: { a: , n: { cell: north } }'
  const file = { file: 'tenants.yml', readText: () => text }
  // The beginning of its SHA-256.
  const version = 'df458f17b006'
  const read = fileSource(file)
  expect(await read(version)).toBe('unchanged')
  expect(await read('df458f17b007')).toMatchObject({ version })
  expect(await read(undefined)).toMatchObject({ version, leaving: [], moved: [] })
  const { tenants, ...rest } = tenantsInFile({ ...file, cell: 'north' })
  expect(tenants.map(({ id }) => id)).toEqual(['n'])
  expect(rest).toEqual({ version, leaving: [] })
  expect(tenantsInFile(file).tenants).toHaveLength(2)
})

it('names the file that has a fault, or tells why it cannot be read', async () => {
  const broken = fileSource({ file: 'north.yml', readText: () => 'tenants: { a: 5 }' })
  await expect(broken(undefined)).rejects.toThrow('north.yml:1: tenants.a: ')
  const unreadable = new Error('not there')
  const readText = () => {
    throw unreadable
  }
  await expect(fileSource({ file: 'x', readText })(undefined)).rejects.toBe(unreadable)
})
