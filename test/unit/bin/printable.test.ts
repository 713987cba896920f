import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { oneLine, printable } from '../../../bin/commands/printable.ts'

/** Whatever a terminal could take for a command, by its code point. */
const isControl = (code: number) =>
  (code < 0x20 && code !== 9 && code !== 10) ||
  (code >= 0x7f && code <= 0x9f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069)
const controlsIn = (text: string) => [...text].filter((one) => isControl(one.codePointAt(0) ?? 0))
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x2100 }).map(String.fromCharCode) })

describe('what is printed', () => {
  it.each([
    ['a colour', '\u001b[31mred', '\\u001b[31mred'],
    ['a window title', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['a C1 introducer', '\u009b2J', '\\u009b2J'],
    ['an overwritten line', 'denied\rallowed', 'denied\\u000dallowed'],
    ['a reversed order', 'a\u202etxt.exe', 'a\\u202etxt.exe'],
    ['plain text', 'Договор №1 «ёж» 🦔\t\n', 'Договор №1 «ёж» 🦔\t\n'],
  ])('shows %s as text', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('holds no control character, whatever the text', () => {
    fc.assert(fc.property(anyText, (text) => controlsIn(printable(text)).length === 0))
  })

  it('is the same JSON, whatever the value', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = { [text]: [text] }
        expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
      }),
    )
  })

  it('is one row in a table', () => {
    expect(oneLine('a\nb\tc')).toBe('a\\nb\\tc')
  })

  it('is written by bin/commands/text.ts alone', () => {
    const files = readdirSync('bin', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'commands/text.ts')
      .filter((name) => {
        const source = readFileSync(`bin/${name}`, 'utf8')
        return /process\.std(out|err)\.write|console\.(log|info|warn|error)/.test(source)
      })
    expect(files).toEqual([])
  })
})
