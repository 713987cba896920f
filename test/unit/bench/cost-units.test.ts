import { expect, it } from '@jest/globals'
import { itemSize } from '../../../bench/cost/item-size.ts'
import {
  busEvents,
  entrySize,
  gigabyteSeconds,
  logBytes,
  readUnits,
  sqsRequests,
  writeUnits,
} from '../../../bench/cost/units.ts'

const kilobyte = 1024

// Amazon DynamoDB developer guide, "DynamoDB read and write operations": its examples.
it.each([
  ['an item of 3.5 KB', 3.5, 1],
  ['an item of 8 KB', 8, 2],
  ['an item of 10 KB', 10, 3],
  ['a Query of items of 40.8 KB in total', 40.8, 11],
  ['a Query of 1,500 items of 64 bytes', (1500 * 64) / kilobyte, 24],
  ['an item that is not there', 0, 1],
])('reading %s', (_, kilobytes, units) => {
  expect(readUnits(kilobytes * kilobyte, true)).toBe(units)
  expect(readUnits(kilobytes * kilobyte, false)).toBe(units / 2)
})

it.each([
  ['a new item of 500 bytes', 500, 1],
  ['an item of 1 KB', kilobyte, 1],
  ['an item of 2 KB', 2 * kilobyte, 2],
  ['an item of 3.5 KB', 3.5 * kilobyte, 4],
])('writing %s', (_, bytes, units) => {
  expect(writeUnits(bytes)).toBe(units)
})

// "DynamoDB item sizes and formats", and the storage blog's example of an attribute: 11 bytes and 1.
it('an attribute is as large as its name and its value', () => {
  expect(itemSize({ 'shirt-color': { S: 'R' } })).toBe(12)
  expect(itemSize({ name: { S: 'Договор' } })).toBe(4 + 14)
  expect(itemSize({ flag: { BOOL: true }, none: { NULL: true } })).toBe(4 + 1 + 4 + 1)
  expect(itemSize({ bytes: { B: Buffer.alloc(300).toString('base64') } })).toBe(5 + 300)
  expect(itemSize({ set: { SS: ['ab', 'c'] }, numbers: { NS: ['1', '23'] } })).toBe(3 + 3 + 7 + 4)
})

it('a number takes a byte for two significant digits, and one more', () => {
  expect(itemSize({ n: { N: '1798761600' } })).toBe(1 + 4 + 1)
  expect(itemSize({ n: { N: '-0.0012' } })).toBe(1 + 1 + 1)
  expect(itemSize({ n: { N: '1.5E+20' } })).toBe(1 + 1 + 1)
})

it('lists and maps have 3 bytes of overhead, and 1 for each element', () => {
  expect(itemSize({ list: { L: [] }, map: { M: {} } })).toBe(4 + 3 + 3 + 3)
  expect(itemSize({ list: { L: [{ S: 'ab' }, { S: 'c' }] } })).toBe(4 + 3 + 3 + 2)
  expect(itemSize({ map: { M: { key: { S: 'ab' } } } })).toBe(3 + 3 + 5 + 1)
})

// SQS pricing: "a single API call with a 256 KB payload is billed as four requests".
it.each([
  [0, 1],
  [64, 1],
  [65, 2],
  [256, 4],
])('SQS bills %i KB as %i requests', (kilobytes, requests) => {
  expect(sqsRequests(kilobytes * kilobyte)).toBe(requests)
})

// EventBridge pricing: "an event with a 256 KB payload is billed as four events".
it.each([
  [1, 1],
  [64, 1],
  [256, 4],
])('EventBridge bills %i KB as %i events', (kilobytes, events) => {
  expect(busEvents(kilobytes * kilobyte)).toBe(events)
})

// EventBridge user guide, "Calculating PutEvents event entry size".
it('an entry of PutEvents is its time, source, type, detail and resources', () => {
  const entry = { Source: 'ecos.acme', DetailType: 'task.create', Detail: '{"д":1}' }
  expect(entrySize(entry)).toBe(9 + 11 + 8)
  expect(entrySize({ ...entry, Time: 1798761600, Resources: ['ab', 'c'] })).toBe(28 + 14 + 3)
})

it('CloudWatch Logs bills 26 bytes with each line', () => {
  expect(logBytes('дом')).toBe(6 + 26)
})

// Lambda pricing: memory in GB, time to the millisecond.
it('Lambda bills memory by the millisecond', () => {
  expect(gigabyteSeconds(512, 1000)).toBe(0.5)
  expect(gigabyteSeconds(256, 99.2)).toBe(0.025)
})
