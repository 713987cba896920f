import { globSync, readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { errorCodes } from '../../lib/error-codes.ts'
import { EcosError } from '../../lib/errors.ts'

const sources = globSync('{lib,bin,functions,console,local,bench,build}/**/*.{ts,js}', {
  exclude: (path) => path.endsWith('node_modules') || path === 'lib/error-codes.ts',
}).map((path) => readFileSync(path, 'utf8'))

it('the codes are sorted, each once', () => {
  expect(errorCodes).toEqual([...new Set(errorCodes)].sort())
})

it('docs/errors.md explains every code, and no other', () => {
  const docs = readFileSync('docs/errors.md', 'utf8')
  const explained = [...docs.matchAll(/^\| `([a-z0-9-]+)` +\| \S.* \| \S.* \|$/gm)].map(
    ([, code]) => code,
  )
  expect(explained.toSorted()).toEqual([...errorCodes])
})

it('every code is used', () => {
  const unused = errorCodes.filter((code) => !sources.some((text) => text.includes(`'${code}'`)))
  expect(unused).toEqual([])
})

it('an unknown code does not compile', () => {
  // @ts-expect-error no such code
  expect(new EcosError('no-such-code', 'x').code).toBe('no-such-code')
})
