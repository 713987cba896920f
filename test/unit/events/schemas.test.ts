import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { catalogue, type EventType, eventTypes, sampleData } from '../../../lib/events/catalogue.ts'
import { handlerName, pascal } from '../../../lib/tenants/names.ts'

describe.each(eventTypes)('the schema of %s', (type) => {
  const { schema } = catalogue[type]

  it('has an example of which it keeps everything', () => {
    const { examples } = schema.meta() as { examples: object[] }
    expect(sampleData(type)).toMatchObject({ ...examples[0], type })
  })

  it('takes a missing field for null, as it takes null', () => {
    const bare: Record<string, unknown> = schema.parse({ type })
    expect(Object.values(bare)).not.toContain(undefined)
    const { attributes: _, ...flat } = bare
    const nulls = Object.fromEntries(Object.keys(flat).map((name) => [name, null]))
    expect(schema.parse({ ...nulls, type })).toEqual(bare)
  })

  it('keeps what it does not know', () => {
    expect(schema.parse({ type, unheardOf: { of: [1] } })).toHaveProperty('unheardOf', { of: [1] })
  })
})

describe('the schemas', () => {
  it('read every event of the fixtures as it was sent', () => {
    const lines = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8').trim().split('\n')
    for (const line of lines) {
      const { data } = JSON.parse(JSON.parse(line).body)
      const { schema } = catalogue[data.type as EventType]
      expect(schema.parse(data)).toMatchObject(data)
    }
  })

  it('read an attribute of a record whatever its values are', () => {
    const attributes = {
      title: 'Договор',
      'rec._type?id': 'contract',
      diff: [{ id: 'a', name: null, before: [1], after: { disp: 'x' }, more: 1 }],
    }
    const data = { type: 'record-changed', attributes }
    expect(catalogue['record-changed'].schema.parse(data).attributes).toEqual({
      ...attributes,
      typeTitle: null,
    })
  })
})

describe('the names made of event types', () => {
  it('are distinct, though types differ by no more than a dot', () => {
    expect(new Set(eventTypes.map(handlerName)).size).toBe(eventTypes.length)
    expect(new Set(eventTypes.map(pascal)).size).toBe(eventTypes.length)
  })
})
