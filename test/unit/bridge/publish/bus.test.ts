import { expect, it } from '@jest/globals'
import { type BusEntry, entryBytes } from '../../../../lib/bridge/publish/bus.ts'

it('the size of an entry is that of its texts in UTF-8, and 14 bytes for a time', () => {
  const entry: BusEntry = { source: 'ecos.ж', detailType: 'ab', detail: Buffer.alloc(1_000) }
  expect(entryBytes(entry)).toBe(7 + 2 + 1_000)
  expect(entryBytes({ ...entry, time: new Date(0) })).toBe(7 + 2 + 1_000 + 14)
  expect(entryBytes({ ...entry, resource: 'arn:é' })).toBe(7 + 2 + 1_000 + 6)
})
