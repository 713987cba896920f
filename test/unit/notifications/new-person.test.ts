import { expect, it } from '@jest/globals'
import { newPersonFields } from '../../../lib/notifications/new-person.ts'
import { person, personFields } from '../../../lib/notifications/person.ts'

it.each([
  ['name', ' Иванов \t\n И.\u0000 И. ', 'Иванов И. И.'],
  ['name', 'x'.repeat(200), 'x'.repeat(200)],
  ['email', 'Иван <I@Acme.Example>', 'I@acme.example'],
  ['phone', '+7 (999) 123-45-67', '+79991234567'],
  ['telegram', ' 1234567 ', '1234567'],
  ['locale', 'en_us', 'en-US'],
  ['timeZone', 'Asia/Tokyo', 'Asia/Tokyo'],
] as const)('the %s of a person may be %j', (field, given, stored) => {
  expect(newPersonFields[field].parse(given)).toBe(stored)
})

it.each([
  ['name', ' \n'],
  ['name', 'x'.repeat(201)],
  ['email', 'nobody'],
  ['phone', '123'],
  ['telegram', 'ivanov'],
  ['locale', 'xx-yy'],
  ['timeZone', 'Mars/Base'],
] as const)('the %s of a person can not be %j', (field, given) => {
  const { error } = newPersonFields[field].safeParse(given)
  expect(error?.issues.length).toBeGreaterThan(0)
  expect(newPersonFields[field].safeParse(7).success).toBe(false)
})

it('a stored person has what is known of them', () => {
  const all = Object.fromEntries(personFields.map((field) => [field, 'x']))
  expect(person.parse({ ...all, age: 7 })).toEqual(all)
  expect(person.parse({})).toEqual({})
  expect(person.parse({ name: 'x'.repeat(200) })).toEqual({ name: 'x'.repeat(200) })
  for (const wrong of ['', 'x'.repeat(201), 7]) {
    for (const field of personFields) {
      expect(person.safeParse({ [field]: wrong }).success).toBe(false)
    }
  }
})
