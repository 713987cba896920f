import { describe, expect, it } from '@jest/globals'
import { readPeople } from '../../../lib/notifications/ecos-persons.ts'

const ivanov = { username: 'ivanov', person: { name: 'Иванов Иван Иванович' } }

describe('the people of a file', () => {
  it("are ECOS's persons, as the Records API answers", () => {
    const records = [
      {
        id: 'emodel/person@Ivanov',
        attributes: {
          firstName: 'Иван',
          lastName: 'Иванов',
          middleName: 'Иванович',
          'email?str': 'Ivanov@acme.example',
          mobile: '+7 (999) 123-45-67',
          timezone: 'Asia/Yekaterinburg',
          inn: null,
        },
      },
    ]
    const person = {
      ...ivanov.person,
      email: 'Ivanov@acme.example',
      phone: '+79991234567',
      timeZone: 'Asia/Yekaterinburg',
    }
    expect(readPeople({ records })).toEqual({
      people: [{ username: 'ivanov', person }],
      remarks: [],
    })
  })

  it("are Alfresco's, by the names of its model", () => {
    const row = { 'cm:userName': 'petrov', 'cm:firstName': 'Пётр', 'cm:lastName': 'Петров' }
    expect(readPeople([row]).people).toEqual([
      { username: 'petrov', person: { name: 'Петров Пётр' } },
    ])
  })

  it.each([
    [{ userName: 'ivanov', displayName: 'Иванов Иван Иванович', firstName: 'И' }],
    [{ login: ' IVANOV ', 'Full name': 'Иванов  Иван\tИванович', email: '' }],
  ])('are rows of a table, with their names in any form: %j', (row) => {
    expect(readPeople([row]).people).toEqual([ivanov])
  })

  it('come without what can not be used, which is told', () => {
    const row = { userName: 'ivanov', name: 'Иванов Иван Иванович', phone: 'внутр. 123' }
    const { people, remarks } = readPeople([{ ...row, locale: 'xx-yy', timeZone: 'MSK' }])
    expect(people).toEqual([ivanov])
    expect(remarks.map(({ of, text }) => [of, text])).toEqual([
      ['note', expect.stringMatching(/^ivanov: phone has no country code: .*: left out$/)],
      ['note', expect.stringMatching(/^ivanov: locale is not a known language tag/)],
      ['note', expect.stringMatching(/^ivanov: timeZone is not a time zone/)],
    ])
  })

  it.each([
    ['emodel/person@Ivanov', 'ivanov'],
    ['people@ivanov', 'ivanov'],
    ['alfresco/people@ivanov@acme.example', 'ivanov@acme.example'],
    ['Ivanov@acme.example', 'ivanov@acme.example'],
  ])('with the id %j have the user name %j', (id, username) => {
    expect(readPeople([{ id }])).toEqual({ people: [{ username, person: {} }], remarks: [] })
  })

  it('are there once: which of two rows is right is not for us to choose', () => {
    const rows = [{ login: 'ivanov', mail: 'a@acme.example' }, { login: 'x' }, { login: 'Ivanov' }]
    const { people, remarks } = readPeople(rows)
    expect(people.map(({ username }) => username)).toEqual(['ivanov', 'x'])
    expect(remarks).toEqual([
      { of: 'refused', place: '[2]', text: 'ivanov is in the file at [0] too' },
    ])
  })

  it.each([[{ name: 'x' }], ['ivanov'], [null], [{ id: '@' }]])('are not %j', (row) => {
    const { people, remarks } = readPeople([row, { id: 'ok' }])
    expect(people).toEqual([{ username: 'ok', person: {} }])
    expect(remarks).toEqual([expect.objectContaining({ of: 'refused', place: '[0]' })])
  })
})
