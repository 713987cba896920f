import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EcosError } from '../../lib/errors.ts'
import {
  formatAttributePath,
  parseAttributePath,
  scalars,
} from '../../lib/events/attribute-path.ts'
import { target } from '../target.ts'

const special = '\\.?[]{},|!"\' \t'
const step = fc.record({
  name: fc.string({
    unit: fc.constantFrom('a', 'б', '_', ':', '1', ...special),
    minLength: 1,
    maxLength: 8,
  }),
  isList: fc.boolean(),
})
const path = fc.record({
  steps: fc.array(step, { maxLength: 16 }),
  scalar: fc.constantFrom(...scalars),
  escapeAll: fc.boolean(),
})

/** A path that is written by the grammar is read as what it was written from, and its form is stable. */
export const attributePath = target('attribute-path', path, ({ steps, scalar, escapeAll }) => {
  const names = steps.map(({ name, isList }) => {
    const escaped = Array.from(name, (letter) =>
      special.includes(letter) || escapeAll ? `\\${letter}` : letter,
    )
    return escaped.join('') + (isList ? '[]' : '')
  })
  const parsed = parseAttributePath(`${names.join('.')}?${scalar}`)
  assert.deepEqual(parsed, { steps, scalar })
  const canonical = formatAttributePath(parsed)
  assert.deepEqual(parseAttributePath(canonical), parsed)
  assert.equal(formatAttributePath(parseAttributePath(canonical)), canonical)
})

const anyText = fc.string({
  unit: fc.constantFrom('a', 'disp', '?', ...special, '\n', '𝕏'),
  maxLength: 14,
})

/** Any other text is refused by name, or has a canonical form that means the same. */
export const anyPath = target('any-path', anyText, (text) => {
  try {
    const parsed = parseAttributePath(text)
    assert.deepEqual(parseAttributePath(formatAttributePath(parsed)), parsed)
  } catch (error) {
    assert.ok(error instanceof EcosError && error.code === 'invalid-attribute', String(error))
  }
})
