import { expect, it } from '@jest/globals'
import { uuidOf, withMarks } from '../../../torture/plan/marks.ts'

it('finds the mark in the id of an event 2.0 again', () => {
  const id = uuidOf('rig-20261-4711')
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(withMarks(`cedar#record-changed#${id}`)).toBe('cedar#record-changed#rig-20261-4711')
})
