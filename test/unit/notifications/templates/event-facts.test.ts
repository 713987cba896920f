import { describe, expect, it } from '@jest/globals'
import {
  eventFactsOf,
  isReference,
  peopleIn,
} from '../../../../lib/notifications/templates/event-facts.ts'

describe('what a message says of an event', () => {
  it('is nothing where the event has no such fields', () => {
    expect(eventFactsOf({})).toEqual({})
    const strange = {
      ...{ docId: 7, document: '', record: null, workspace: '', taskInstanceId: {} },
      ...{ dueDate: '2026-01-01', attributes: 'x', attrChanges: { name: 'title' } },
    }
    expect(eventFactsOf(strange)).toEqual({})
    expect(eventFactsOf({ attributes: null, attrChanges: [null, 'x', {}] })).toEqual({})
  })

  it('is its record, by the first field that names one', () => {
    const all = { docId: 'a@1', document: 'b@1', record: 'c@1' }
    expect(eventFactsOf(all).recordRef).toBe('a@1')
    expect(eventFactsOf({ ...all, docId: '' }).recordRef).toBe('b@1')
    expect(eventFactsOf({ record: 'c@1' }).recordRef).toBe('c@1')
  })

  it('is its workspace, of its own or of its record', () => {
    const attributes = { '_workspace?localId': 'a', _workspace: 'b', workspace: 'c' }
    const workspace = (data: object) => eventFactsOf(data).workspace
    expect(workspace({ workspace: 'own', attributes })).toBe('own')
    expect(workspace({ workspace: '', attributes })).toBe('a')
    expect(workspace({ attributes: { ...attributes, '_workspace?localId': null } })).toBe('b')
    expect(workspace({ attributes: { _workspace: '', workspace: 'c' } })).toBe('c')
  })

  it('is its task, and when that is due', () => {
    expect(eventFactsOf({ taskInstanceId: 'activiti$1', dueDate: 0 })).toEqual({
      ...{ taskId: 'activiti$1', due: 0 },
    })
  })

  it('is its title: the attribute of the record, or else what the event has changed', () => {
    const change = (name: string, ...values: unknown[]) => ({ name, values })
    const title = (data: object) => eventFactsOf(data).title
    const attrChanges = [
      change('cm:name', 'd'),
      change('name', 'c'),
      change('title', { ru: 'б', en: 'b' }),
      change('cm:title', 'a', 'b'),
    ]
    expect(title({ attrChanges, attributes: { title: { ru: 'Устав' } } })).toEqual({ ru: 'Устав' })
    expect(title({ attrChanges })).toBe('a и b')
    expect(title({ attrChanges: attrChanges.slice(0, 3) })).toBe('б')
    expect(title({ attrChanges: attrChanges.slice(0, 2) })).toBe('c')
    expect(title({ attrChanges: attrChanges.slice(0, 1), attributes: {} })).toBe('d')
    expect(title({ attrChanges: [change('author', 'x')] })).toBeUndefined()
    expect(title({ attrChanges: [change('title')] })).toBeUndefined()
    expect(title({ attrChanges: [{ name: 'title', values: 'x' }] })).toBeUndefined()
  })
})

describe('the people in an event', () => {
  it('are those whom its fields name, in lower case', () => {
    const data = {
      ...{ initiator: ' Ivanov ', assignee: 'PETROV', author: 'sidorov\ud800', user: 'Boss' },
      other: 'smith',
    }
    expect(peopleIn(data)).toEqual({
      ...{ initiator: 'ivanov', assignee: 'petrov', author: 'sidorov\ufffd', user: 'boss' },
    })
  })

  it('are none where a field names nobody, or ECOS itself', () => {
    const data = { initiator: 'System', assignee: null, author: ' ', user: 7 }
    expect(peopleIn(data)).toEqual({})
    expect(peopleIn({ initiator: ' system ' })).toEqual({})
    expect(peopleIn({ initiator: 'systems' })).toEqual({ initiator: 'systems' })
  })
})

it.each([
  ['workspace://SpacesStore/1', true],
  ['alfresco@workspace://SpacesStore/1', true],
  ['a/b.c-d@x://y', true],
  [' emodel/contract@42 ', true],
  ['emodel/a.b-c@42/7', true],
  ['emodel@42', false],
  ['/contract@42', false],
  ['emodel/contract@', false],
  ['emodel/contract@4 2', false],
  ['see emodel/contract@42', false],
  ['workspace://Spaces Store', false],
  ['workspace://', false],
  ['see workspace://SpacesStore/1', false],
  ['Договор №8', false],
  ['', false],
])('%j is only a reference, which says nothing to a person: %s', (text, expected) => {
  expect(isReference(text)).toBe(expected)
})
