import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { recordEventsSchema } from '../../../build/record-events-schema.ts'
import { decodeEvent } from '../../../lib/events/event.ts'
import { decodeMessage, handshakeMessage } from '../../../lib/records/messages.ts'

const require = createRequire(import.meta.url)
const document = parse(readFileSync('docs/record-events.asyncapi.yaml', 'utf8'))
const schemaText = readFileSync('docs/record-events.schema.json', 'utf8')
const ajv = () => new Ajv({ strict: false, validateFormats: false, allErrors: true })

/** The message that the document describes by that kind. */
const messages: Record<
  string,
  { name: string; payload: { schema: { $ref: string } }; examples: { payload: unknown }[] }
> = document.components.messages
const { recordEvent, ...handshake } = messages

test('the document is AsyncAPI 3.1', () => {
  const validate = ajv().compile(require('@asyncapi/specs/schemas/3.1.0-without-$id.json'))
  expect(validate(document) || validate.errors).toBe(true)
})

test('every reference leads somewhere', () => {
  const local = (pointer: string, root: unknown) =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root)
  const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? []
  const dangling = references
    .map((reference) => reference.slice('"$ref":"'.length, -1).split('#'))
    .filter(([file = '', pointer = '']) =>
      file === ''
        ? local(pointer, document) === undefined
        : local(pointer, JSON.parse(schemaText)) === undefined,
    )
  expect(references.length).toBeGreaterThan(10)
  expect(dangling).toEqual([])
})

test('the schemas are those that the code reads with (else: npm run schemas)', () => {
  expect(JSON.parse(schemaText)).toEqual(JSON.parse(recordEventsSchema()))
})

test('every kind of message is described, and its example is one', () => {
  const kinds = handshakeMessage.options.map(({ shape }) => shape.kind.value)
  expect(
    Object.values(handshake)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(kinds.sort())
  for (const { name, payload, examples } of Object.values(handshake)) {
    const definition = payload.schema.$ref.split('#').pop()
    const validate = ajv().addSchema(JSON.parse(schemaText), 'all').getSchema(`all#${definition}`)
    for (const example of examples) {
      expect(decodeMessage(Buffer.from(JSON.stringify(example.payload)))).toMatchObject({
        kind: name,
      })
      expect(validate?.(example.payload) || validate?.errors).toBe(true)
    }
  }
})

test('a message that the code refuses is refused by the schema too', () => {
  const validate = ajv().compile(JSON.parse(schemaText))
  const [example] = handshake['listenerSubscribed']?.examples ?? []
  const wrong = { ...(example?.payload as object), leaseSeconds: 0 }
  expect(validate(wrong)).toBe(false)
  expect(() => decodeMessage(Buffer.from(JSON.stringify(wrong)))).toThrow('leaseSeconds')
})

test('the example of an event is one, which the bridge decodes', () => {
  const validate = ajv().compile((recordEvent as unknown as { payload: object }).payload)
  expect(recordEvent?.examples.map(({ payload }) => validate(payload))).toEqual([true])
  for (const { payload } of recordEvent?.examples ?? []) {
    const body = Buffer.from(JSON.stringify(payload))
    expect(decodeEvent('acme', undefined, body)).toMatchObject({
      outcome: 'event',
      event: { subject: 'emodel/contract@42', type: 'record-changed' },
    })
  }
})

test('every message has an example', () => {
  expect(Object.values(messages).map(({ examples }) => examples.length > 0)).not.toContain(false)
})
