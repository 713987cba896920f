import { describe, expect, it } from '@jest/globals'
import {
  decodeNode,
  encodeNode,
  targetNodeOf,
} from '../../../../lib/records/events-2/target-node.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const filter = { t: 'eq', att: 'typeDef.id', val: 'contract' } as const

describe("a target's node", () => {
  it('asks for what is wanted, what the filter needs, and what the notifications read', () => {
    expect(targetNodeOf('own-type', { attributes: ['sum?num'], filter })).toEqual({
      attributes: ['record?id', 'sum?num', 'typeDef.id'],
      filter,
      transactional: false,
    })
    expect(targetNodeOf('record-status-changed', { attributes: [] }).attributes).toEqual([
      'after?disp',
      'before?disp',
      'record?disp',
      'record?id',
      'typeDef.name',
    ])
  })

  it('is read as it was written', () => {
    const target = targetNodeOf('own-type', { attributes: ['b', 'a'], filter })
    const content = encodeNode(target, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')
    expect(content.subarray(0, 2).toString()).toBe('{"')
    expect(decodeNode(content)).toEqual({ created: '2026-01-01T00:00:00Z', target: target })
  })

  it('is read as others write it', () => {
    const attributes = ['a', 'b']
    const target = { attributes, filter, transactional: true }
    expect(decodeNode(json({ created: 'then', data: target }))).toEqual({
      created: 'then',
      target: target,
    })
    expect(decodeNode(json({ ...target, attributes: { x: 'b', y: 'a' } }))).toEqual({
      created: undefined,
      target: target,
    })
  })

  it.each(['', '{}', '{"data":null}', '{"attributes":1}', '\u0001cbor'])('is not %j', (text) => {
    expect(decodeNode(Buffer.from(text))).toBeUndefined()
  })
})
