import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBodyWriter } from '../../../../lib/aws/bus/put-events-body.ts'

/** Any text: also with control characters, quotes, half characters and names of other fields. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000\u001f\u007f',
    '"}]}',
    '\\',
    'я😀',
    '\ud800',
    'x","Source":"ecos.other',
  ),
)
const entry = fc.record(
  {
    source: text,
    detailType: text,
    detail: text.map((json) => Buffer.from(json)),
    time: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
    resource: text,
  },
  { requiredKeys: ['source', 'detailType', 'detail'] },
)

it('writes what JSON.stringify would write, whatever the fields hold, one body after another', () => {
  const bodies = fc.array(fc.array(entry, { maxLength: 10 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(text, bodies, (bus, calls) => {
      const write = createBodyWriter(bus)
      // An earlier body must not change when a later one is written.
      const written = calls.map(write)
      const expected = calls.map((entries) => ({
        Entries: entries.map(({ source, detailType, detail, time, resource }) => ({
          EventBusName: bus,
          Source: source,
          DetailType: detailType,
          Detail: detail.toString(),
          ...(time && { Time: time.getTime() / 1000 }),
          ...(resource !== undefined && { Resources: [resource] }),
        })),
      }))
      expect(written.map(String)).toEqual(expected.map((body) => JSON.stringify(body)))
    }),
  )
})
