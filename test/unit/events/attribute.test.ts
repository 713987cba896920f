import { describe, expect, it } from '@jest/globals'
import { attributeAt, attributeName } from '../../../lib/events/attribute.ts'

const data = {
  assignee: 'ivanov',
  attrChanges: [
    { name: 'status', values: [{ str: 'new' }, { str: 'done' }] },
    { name: 'title', values: null, isNew: false },
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
    ['author.email?disp', 'a@b.example'],
    ['attrChanges.isNew', [false]],
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
    'attributes.toString',
    'attrChanges.1a',
    'attrChanges.a1',
    'attrChanges.values.2.str.x',
    'attrChanges.nothing',
    'assignee.',
    '',
  ])('"%s" leads nowhere', (path) => {
    expect(attributeAt(data, path)).toBeUndefined()
  })
})

it.each([null, undefined, 'text', 5, []])('there is nothing in %j', (none) => {
  expect(attributeAt(none, 'length')).toBeUndefined()
})

it.each([
  ['title?disp', 'title'],
  ['a.b?disp', 'a.b'],
  ['?disp', '?disp'],
  ['title?str', 'title?str'],
  ['title', 'title'],
  ['a?disp.b', 'a?disp.b'],
])('the record attribute %s is stored as %s', (path, name) => {
  expect(attributeName(path)).toBe(name)
})
