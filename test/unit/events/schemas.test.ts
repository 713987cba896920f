import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
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

describe.each(eventTypes)('the schema of %s, whatever the producer sends', (type) => {
  const { schema } = catalogue[type]
  const sample: Readonly<Record<string, unknown>> = { ...sampleData(type) }
  const fields = Object.keys(schema.shape).filter((name) => name !== 'type')

  it('reads any value in each field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (name, value) => {
        const parsed: Record<string, unknown> = schema.parse({ ...sample, [name]: value })
        expect({ ...parsed, [name]: 0 }).toEqual({ ...sample, [name]: 0 })
      }),
    )
  })

  it('reads any value in each attribute that the templates use', () => {
    const names = Object.keys(Object(sample['attributes']))
    if (names.length === 0) return
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        expect(() => schema.parse({ ...sample, attributes: { [name]: value } })).not.toThrow()
      }),
    )
  })
})

describe('a task whose fields are not as usual', () => {
  const { schema } = catalogue['task.create']
  const read = (fields: object) =>
    schema.parse({ type: 'task.create', taskPooledUsers: ['petrov'], ...fields })

  it.each([
    [{ createdDate: '2026-01-01T00:00:00.000Z' }, { createdDate: 1767225600000 }],
    [{ dueDate: '2026-01-01T00:00:00.000+0000' }, { dueDate: 1767225600000 }],
    [{ dueDate: '1767225600000' }, { dueDate: 1767225600000 }],
    [{ dueDate: [2026, 1, 1] }, { dueDate: null }],
    [{ id: true }, { id: null }],
    [{ id: {} }, { id: null }],
    [{ taskPooledUsers: ['petrov', null] }, { taskPooledUsers: ['petrov'] }],
    [{ taskPooledUsers: [7, {}, 'petrov'] }, { taskPooledUsers: ['7', 'petrov'] }],
    [{ taskTitle: { en: 'Approve', ru: 'Согласовать' } }, { taskTitle: 'Согласовать' }],
    [{ taskTitle: ['a', 'b'] }, { taskTitle: 'a, b' }],
    [{ taskComment: 12 }, { taskComment: '12' }],
    [{ assignee: {} }, { assignee: null }],
    [{ taskPooledUsers: 'petrov' }, { taskPooledUsers: [] }],
  ])('%j is read as %j', (sent, expected) => expect(read(sent)).toMatchObject(expected))
})

describe('the names made of event types', () => {
  it('are distinct, though types differ by no more than a dot', () => {
    expect(new Set(eventTypes.map(handlerName)).size).toBe(eventTypes.length)
    expect(new Set(eventTypes.map(pascal)).size).toBe(eventTypes.length)
  })
})
