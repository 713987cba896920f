import { expect, it } from '@jest/globals'
import { tenantId } from '../../../lib/tenants/tenant-id.ts'

const problemsOf = (id: unknown) => tenantId.safeParse(id).error?.issues.map((one) => one.message)

it.each([
  'acme',
  '007',
  '--',
  '-a',
  'Ромашка & Ко / #1',
  '😀',
  'a'.repeat(200),
  // 234 bytes: with "tenant." and ".record-events" it is 255.
  'я'.repeat(117),
  '\ufffd',
])('%j is a tenant id', (id) => expect(tenantId.parse(id)).toBe(id))

it.each([
  ['', 'a tenant id is not empty'],
  ['-', 'a tenant id is not "-", which stands for no tenant'],
  ['a'.repeat(201), 'a tenant id has at most 200 characters'],
  ['я'.repeat(118), 'a tenant id has at most 234 bytes in UTF-8'],
  ['a\tb', 'a tenant id has no control characters'],
  ['a\u0085', 'a tenant id has no control characters'],
  ['a\ud800', 'a tenant id has no control characters'],
  ['\ufffe', 'a tenant id has no control characters'],
  ['\uffff', 'a tenant id has no control characters'],
])('%j is none: %s', (id, problem) => {
  expect(problemsOf(id)).toEqual([expect.stringContaining(problem)])
})

it('a number is no tenant id', () => expect(problemsOf(7)).toHaveLength(1))
