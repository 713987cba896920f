import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { codeBlocks, headings, linksOf, namesInTables, slugs, tables } from '../support/markdown.ts'

const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md', '.github/**/*.md'])
const twins = [
  ['README.md', 'README.ru.md'] as const,
  ...globSync('docs/ru/**/*.md')
    .filter((russian) => russian !== 'docs/ru/README.md')
    .map((russian) => [join('docs', relative('docs/ru', russian)), russian] as const),
]

describe.each(twins)('%s and %s', (englishFile, russianFile) => {
  const english = readFileSync(englishFile, 'utf8')
  const russian = readFileSync(russianFile, 'utf8')

  test('name each other below their titles', () => {
    const from = (file: string, to: string) => relative(dirname(file), to)
    expect(english.split('\n')[2]).toBe(`[По-русски](${from(englishFile, russianFile)})`)
    expect(russian.split('\n')[2]).toBe(`[In English](${from(russianFile, englishFile)})`)
  })

  test('have the same headings, in order and level', () => {
    const [ours, theirs] = [headings(english), headings(russian)]
    const at = ours.findIndex(({ level }, index) => theirs[index]?.level !== level)
    // The pair at which they part says which heading is missing.
    expect([ours[at], theirs[at]]).toEqual([undefined, undefined])
    expect(theirs.slice(ours.length)).toEqual([])
  })

  test('have the same commands and code', () => {
    const [ours, theirs] = [codeBlocks(english), codeBlocks(russian)]
    expect(theirs).toEqual(ours)
  })

  test('have the same tables: as many rows, with the same names in the first column', () => {
    expect(tables(russian).map((rows) => rows.length)).toEqual(
      tables(english).map((rows) => rows.length),
    )
    expect(namesInTables(russian)).toEqual(namesInTables(english))
  })

  test('lead to the same pages', () => {
    const targets = (file: string, text: string) =>
      linksOf(text)
        .filter((link) => !/^\[?(По-русски|In English)/.test(link.text))
        .map(({ path }) => englishOf(path === '' ? file : join(dirname(file), path)))
        .sort()
    const [ours, theirs] = [targets(englishFile, english), targets(russianFile, russian)]
    expect(theirs).toEqual(ours)
  })
})

test('every link of a page leads to a file and a heading that exist', () => {
  const broken = pages.flatMap((page) =>
    linksOf(readFileSync(page, 'utf8')).flatMap(({ path, anchor }) => {
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(target)) return [`${page}: ${path}`]
      if (anchor === undefined || statSync(target).isDirectory() || !target.endsWith('.md'))
        return []
      const known = slugs(readFileSync(target, 'utf8'))
      return known.includes(anchor) ? [] : [`${page}: ${path}#${anchor}`]
    }),
  )
  expect(broken).toEqual([])
})

/** A page's English twin, or the page itself. */
function englishOf(page: string): string {
  return twins.find((pair) => pair[1] === page)?.[0] ?? page
}
