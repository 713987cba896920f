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
    ['person@ ivanov', 'ivanov'],
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

  it.each<[unknown, string[]]>([
    [
      [{ id: 'a' }, { id: 'b' }],
      ['a', 'b'],
    ],
    [{ records: [{ id: 'a' }], people: [{ id: 'x' }] }, ['a']],
    [{ people: [{ id: 'a' }] }, ['a']],
    [{ id: 'a' }, ['a']],
    [{ records: { id: 'a' } }, ['a']],
    [[], []],
    [{ records: [] }, []],
  ])('are read of %j', (content, names) => {
    const { people, remarks } = readPeople(content)
    expect([people.map(({ username }) => username), remarks]).toEqual([names, []])
  })

  it.each([7, 'ivanov', null, undefined])('are not read of %j, which is told', (content) => {
    expect(readPeople(content)).toEqual({
      people: [],
      remarks: [{ of: 'refused', place: '[0]', text: 'is not an object' }],
    })
  })

  it.each([
    ...['username', 'user', 'login', 'id', 'User name', 'user_name', 'user-name', 'user.name'],
    ...['cm:userName', 'ns:cm:userName', '?userName', 'userName?str', 'id?localId'],
  ])('have their user name in the column %s', (column) => {
    expect(readPeople([{ [column]: 'Ivanov' }]).people).toEqual([
      { username: 'ivanov', person: {} },
    ])
  })

  it.each([
    [['name', 'displayName', 'fullName', '?disp'], 'name', 'Иванов'],
    [['email', 'mail'], 'email', 'i@acme.example'],
    [
      [
        ...['phone', 'mobile', 'mobilePhone', 'phoneMobile', 'phone_number', 'telephone'],
        ...['cm:mobile', 'cm:telephone'],
      ],
      'phone',
      '+79991234567',
    ],
    [['telegram', 'telegramId', 'telegram chat'], 'telegram', '1234567'],
    [['locale', 'language', 'preferredLocale'], 'locale', 'en'],
    [['timezone', 'timeZone', 'time_zone'], 'timeZone', 'Asia/Tokyo'],
  ])('have in any of the columns %j their %s', (columns, field, value) => {
    for (const column of columns) {
      expect(readPeople([{ id: 'a', [column]: ` ${value} ` }]).people).toEqual([
        { username: 'a', person: { [field]: value } },
      ])
    }
  })

  it('have the first of the columns that says something', () => {
    const row = { login: 'b', userName: 'a', id: 'c', mail: 'm@acme.example', email: ' ' }
    expect(readPeople([row]).people).toEqual([
      { username: 'a', person: { email: 'm@acme.example' } },
    ])
  })

  it('have fields of their attributes before others, and numbers as they are written', () => {
    const row = { id: 'a', name: 'x', attributes: { name: 'Иванов', telegram: 1234567 } }
    expect(readPeople([{ ...row, locale: true, email: {} }])).toEqual({
      people: [{ username: 'a', person: { name: 'Иванов', telegram: '1234567' } }],
      remarks: [],
    })
    expect(readPeople([{ id: 7, attributes: 'x' }]).people).toEqual([{ username: '7', person: {} }])
  })

  it.each([
    [{ lastName: 'Иванов', firstName: 'Иван' }, 'Иванов Иван'],
    [{ firstName: 'Иван', middleName: 'Иванович' }, 'Иван Иванович'],
    [{ lastName: 'Иванов', displayName: 'И. Иванов' }, 'И. Иванов'],
    [{ lastName: ' ' }, undefined],
  ])('have the name of %j', (parts, name) => {
    const [read] = readPeople([{ id: 'a', ...parts }]).people
    expect(read?.person).toEqual(name === undefined ? {} : { name })
  })

  it.each([
    [{ userName: ' ' }, 'has no user name: userName, or id'],
    [{ id: 'emodel/person@' }, 'has no user name: userName, or id'],
    [7, 'is not an object'],
  ])('are told why where they are refused: %j', (row, text) => {
    expect(readPeople([{ id: 'a' }, row]).remarks).toEqual([{ of: 'refused', place: '[1]', text }])
  })

  it('have all problems of a field in one remark', () => {
    const { remarks } = readPeople([{ id: 'a', name: 'x'.repeat(201) }])
    expect(remarks).toMatchObject([{ of: 'note', place: '[0]' }])
    expect(remarks[0]?.text).toMatch(/^a: name .*: left out$/)
  })
})
