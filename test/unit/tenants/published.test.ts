import { describe, expect, it } from '@jest/globals'
import { parsePublished, publishedText } from '../../../lib/tenants/published.ts'
import { readTenantsFile } from '../../../lib/tenants/tenants-file.ts'

const start = new Date('2026-11-28T00:00:00.000Z')
const days = (count: number) => new Date(start.getTime() + count * 86_400_000)

/** Applies these files one after another, a day apart. */
function apply(...files: string[]) {
  let last: ReturnType<typeof parsePublished> | undefined
  for (const [day, file] of files.entries()) {
    last = parsePublished(
      publishedText(readTenantsFile(file, 'tenants.yml'), 'main', last, days(day)),
    )
  }
  return last?.of
}
const idsOf = (tenants: readonly { readonly id: string }[] = []) => tenants.map(({ id }) => id)

const broker = `brokers:
  cloud: { amazonMq: "arn:aws:mq:eu-central-1:123456789012:broker:b:b-1", secret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s-1" }
`

describe('publishedText', () => {
  it("holds the cell's tenants, which read as those of the file", () => {
    const text = `${broker}tenants:
  'acme corp': { locale: en, events: [task.create] }
  mq: { broker: cloud }
  two: { wire: ["1.0", "2.0"], events: [record-changed], recordEvents: { record-changed: { attributes: [a] } } }
  plain:
  elsewhere: { cell: other }
`
    const file = readTenantsFile(text, 'tenants.yml')
    expect(apply(text)).toEqual({
      tenants: file.tenants.filter(({ cell }) => cell === 'main'),
      leaving: [],
      moved: [],
    })
  })

  it('lets a tenant leave that is removed, though its broker is removed too', () => {
    const of = apply(`${broker}tenants: { a: { broker: cloud }, b: }`, 'tenants: { b: }')
    expect(idsOf(of?.tenants)).toEqual(['b'])
    expect(idsOf(of?.leaving)).toEqual(['a'])
  })

  it('does not let a tenant leave that goes to another cell: the queue is the other bridge’s', () => {
    expect(apply('tenants: { a: , b: }', 'tenants: { a: { cell: other }, b: }')?.leaving).toEqual(
      [],
    )
  })

  it('keeps a tenant that moves known for 14 days, so that its notifications are told as it wished', () => {
    const before = 'tenants: { a: { locale: en, results: true }, b: }'
    for (const move of ['{ movingTo: other }', '{ cell: other }']) {
      const rest = (count: number) =>
        Array.from({ length: count }, () => `tenants: { a: ${move}, b: }`)
      const of = apply(before, ...rest(14))
      expect(of?.moved).toEqual([expect.objectContaining({ id: 'a', locale: 'en', results: true })])
      expect([idsOf(of?.tenants), of?.leaving]).toEqual([['b'], []])
      expect(apply(before, ...rest(15))?.moved).toEqual([])
      expect(apply(before, ...rest(1), before)?.moved).toEqual([])
      expect(idsOf(apply(before, ...rest(1), 'tenants: { b: }')?.leaving)).toEqual([])
    }
  })

  it('keeps a tenant known that left, and comes back in another cell', () => {
    const [before, gone] = ['tenants: { a: { locale: en }, b: }', 'tenants: { b: }']
    for (const back of ['{ cell: other }', '{ movingTo: other }']) {
      const again = `tenants: { a: ${back}, b: }`
      const of = apply(before, ...Array.from({ length: 13 }, () => gone), again)
      expect(of).toMatchObject({ leaving: [], moved: [{ id: 'a', locale: 'en' }] })
      // From the day on which its queue was let go.
      const later = Array.from({ length: 13 }, () => again)
      expect(idsOf(apply(before, gone, again, ...later)?.moved)).toEqual(['a'])
    }
  })

  it('keeps a tenant known that has moved, and is then removed: the other cell lets it go', () => {
    const files = ['tenants: { a: { locale: en }, b: }', 'tenants: { a: { cell: other }, b: }']
    const of = apply(...files, 'tenants: { b: }')
    expect(of).toMatchObject({ leaving: [], moved: [{ id: 'a', locale: 'en' }] })
  })

  it('keeps tenants apart that stay, leave and move', () => {
    const of = apply(
      'tenants: { a: { locale: en }, b: { locale: de }, c: { locale: fr }, d: { cell: other } }',
      'tenants: { b: { cell: other }, c: { locale: fr }, d: { cell: other } }',
    )
    const localesOf = (tenants: readonly { readonly id: string; readonly locale: string }[] = []) =>
      tenants.map(({ id, locale }) => [id, locale])
    expect(localesOf(of?.tenants)).toEqual([['c', 'fr']])
    expect(localesOf(of?.leaving)).toEqual([['a', 'en']])
    expect(localesOf(of?.moved)).toEqual([['b', 'de']])
  })

  it('has a tenant leaving that moved, came back and is then removed: its queue is this bridge’s', () => {
    const [here, there] = ['tenants: { a: , b: }', 'tenants: { a: { cell: other }, b: }']
    const of = apply(here, there, here, 'tenants: { b: }')
    expect([idsOf(of?.leaving), idsOf(of?.moved)]).toEqual([['a'], []])
  })

  it('has a tenant no longer leaving that comes back', () => {
    const of = apply(
      'tenants: { a: , b: }',
      'tenants: { b: }',
      'tenants: { a: { locale: en }, b: }',
    )
    expect(of?.leaving).toEqual([])
    expect(of?.tenants[0]).toMatchObject({ id: 'a', locale: 'en' })
  })

  it('forgets a removed tenant after 14 days, however often tenants are applied', () => {
    const rest = (count: number) => Array.from({ length: count }, () => 'tenants: { b: }')
    expect(idsOf(apply('tenants: { a: , b: }', ...rest(14))?.leaving)).toEqual(['a'])
    expect(idsOf(apply('tenants: { a: , b: }', ...rest(15))?.leaving)).toEqual([])
  })

  it.each(['', '[]', '{"tenants":{}}', 'not JSON'])('is not %j', (text) => {
    expect(() => parsePublished(text)).toThrow(expect.objectContaining({ code: 'invalid-tenants' }))
  })

  it('is refused by the names of its fields, without what stands in them', () => {
    const text = JSON.stringify({ appliedAt: 'secret', tenants: {}, leaving: {} })
    expect(() => parsePublished(text)).toThrow('The applied tenants do not fit: appliedAt')
    expect(() => parsePublished('[]')).toThrow('The applied tenants do not fit: all of it')
    const stray = { appliedAt: start.toISOString(), tenants: { a: { locle: 'ru' } }, leaving: {} }
    expect(() => parsePublished(JSON.stringify(stray))).toThrow(
      'the applied tenants: tenants.a.locle: there is no such field',
    )
  })
})
