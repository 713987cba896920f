import { describe, expect, it } from '@jest/globals'
import { attributeAt } from '../../../lib/events/attribute.ts'

const data = {
  assignee: 'ivanov',
  attrChanges: [
    { name: 'status', values: [{ str: 'new' }, { str: 'done' }] },
    { name: 'title', values: null },
  ],
  attributes: { 'author.email': 'a@b.example', 'rec?id': 'case@1', assignee: 'petrov' },
}

describe('a path in an event', () => {
  it.each([
    ['assignee', 'ivanov'],
    ['attrChanges.0.name', 'status'],
    ['attrChanges.name', ['status', 'title']],
    ['attrChanges.values.str', ['new', 'done']],
    ['attrChanges.1.values', null],
    ['author.email', 'a@b.example'],
    ['rec?id', 'case@1'],
  ])('%s leads to its value', (path, value) => {
    expect(attributeAt(data, path)).toEqual(value)
  })

  it.each([
    'nothing',
    'assignee.length',
    'attrChanges.length',
    'attrChanges.9',
    'author',
    'toString',
    '__proto__',
    '',
  ])('"%s" leads nowhere', (path) => {
    expect(attributeAt(data, path)).toBeUndefined()
  })
})
