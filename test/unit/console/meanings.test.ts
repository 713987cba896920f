import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { errorCodes as russian } from '../../../bin/russian/error-codes.ts'
import { meaningsInDocs } from '../../../console/server/meanings.ts'
import { errorCodes } from '../../../lib/error-codes.ts'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { meaningOf } = await fileOf('meaning')
const { wordsIn } = await fileOf('texts')

const meanings = { en: meaningsInDocs(), ru: russian }

it('every error code has a meaning, without Markdown', () => {
  const inDocs = meaningsInDocs()
  expect(Object.keys(inDocs).toSorted()).toEqual([...errorCodes])
  expect(Object.values(inDocs).filter((text) => /[`\]]/.test(text))).toEqual([])
})

it('a cause is said in words: what it means, and what to do', () => {
  expect(meaningOf('killed-handler', meanings, wordsIn('en'))).toMatch(
    /^the function died at each of several tries .*What to do: find what/,
  )
  expect(meaningOf('killed-handler', meanings, wordsIn('ru'))).toBe(russian['killed-handler'])
  expect(meaningOf('not-json', meanings, wordsIn('ru'))).toBe('тело сообщения — не JSON')
  for (const cause of ['HTTP 503', 'unknown', 'toString'])
    expect(meaningOf(cause, meanings, wordsIn('en'))).toBeUndefined()
})

it('every reason of the quarantine has one, in both languages', () => {
  const docs = readFileSync('docs/bad-input.md', 'utf8')
  const reasons = [...docs.matchAll(/\| quarantined +\| `([a-z0-9-]+)`/g)].map(([, code]) => code)
  expect(reasons.length).toBeGreaterThan(10)
  for (const language of ['en', 'ru'])
    expect(Object.keys(wordsIn(language).text.refusals)).toEqual(expect.arrayContaining(reasons))
})
