import { expect, test } from '@jest/globals'
import { decodeLetter } from '../../../lib/operations/decoded-letter.ts'

const letter = { queue: 'q', messageId: 'm', sentAt: new Date(0) }
const base64 = (body: string | Uint8Array) => Buffer.from(body).toString('base64')
const quarantined = (body: unknown) =>
  decodeLetter({ ...letter, kind: 'quarantined', body: JSON.stringify(body) })

test('an event is shown as JSON', () => {
  const shown = decodeLetter({ ...letter, kind: 'event', body: '{"detail":{"id":"1"}}' })
  expect(shown).toEqual({ ...letter, kind: 'event', body: { detail: { id: '1' } } })
})

test.each([
  ['JSON', '{"data":{}}', { body: { data: {} } }],
  ['text', '{rubbish «ё»', { body: '{rubbish «ё»' }],
  ['null', 'null', { body: null }],
  ['bytes', new Uint8Array([0xff, 0xfe, 0]), { bodyBase64: '//4A' }],
])('the body of a quarantined message is decoded: %s', (_, sent, shown) => {
  expect(quarantined({ reason: 'no-type', body: base64(sent) })).toMatchObject({
    body: { reason: 'no-type', ...shown },
  })
})

test('a body that is stored elsewhere keeps its reference', () => {
  expect(quarantined({ bodyref: 's3://b/k' })).toMatchObject({ body: { bodyref: 's3://b/k' } })
})

test('a letter that is not JSON is shown as it is', () => {
  expect(decodeLetter({ ...letter, kind: 'quarantined', body: 'x' })).toMatchObject({ body: 'x' })
})
