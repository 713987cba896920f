import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { sourceOf, tenantOfSender, tenantOfSource } from '../../lib/events/source.ts'
import { escapeTenant, tenantName, unescapeTenant } from '../../lib/tenant-name.ts'
import { tenantId } from '../../lib/tenants/tenant-id.ts'

/** Ids of the nastiest characters, and of any. */
const anyId = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'aZ09._-_h#/ %*?é ЯdD20'), minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  )
  .filter((id) => tenantId.safeParse(id).success)
const anyPair = fc.tuple(anyId, anyId).filter(([one, other]) => one !== other)
const anyLimit = fc.integer({ min: 32, max: 256 })

describe('escapeTenant', () => {
  it.each([
    ['acme', 'acme'],
    ['local-ecos', 'local-ecos'],
    ['007', '007'],
    ['a.b_c-D', 'a.b_c-D'],
    ['acme corp', '_acme_20corp'],
    ['a#b', '_a_23b'],
    ['..', '_..'],
    ['_all', '__5Fall'],
    ['Ромашка', '__D0_A0_D0_BE_D0_BC_D0_B0_D1_88_D0_BA_D0_B0'],
  ])('names %j %s', (id, name) => {
    expect(escapeTenant(id)).toBe(name)
    expect(unescapeTenant(name)).toBe(id)
  })

  it('makes names of letters, digits, ".", "_" and "-", which read back as the id', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(escapeTenant(id)).toMatch(/^[A-Za-z0-9._-]+$/)
        expect(unescapeTenant(escapeTenant(id))).toBe(id)
      }),
    )
  })

  it.each(['', '_acme', '_a_2', '_a_20_zz', '_a_c3_a9', '_a_C3', 'a b', '_a_2520_'])(
    'reads no tenant from %j, which it never makes',
    (name) => expect(unescapeTenant(name)).toBeUndefined(),
  )

  it("reads every name of letters, digits, '.', '_' and '-' as one tenant's or nobody's", () => {
    const name = fc.string({ unit: fc.constantFrom(...'aA09._-_h2DF'), minLength: 1 })
    fc.assert(
      fc.property(name, (name) => {
        const id = unescapeTenant(name)
        if (id !== undefined) expect(escapeTenant(id)).toBe(name)
      }),
    )
  })

  it("keeps a tenant's keys together: no other tenant's key begins with `<tenant>#` or lies between two", () => {
    fc.assert(
      fc.property(anyPair, fc.string(), fc.string(), ([one, other], first, second) => {
        const [low, high] = [first, second].map((rest) => `${escapeTenant(one)}#${rest}`).sort()
        const key = `${escapeTenant(other)}#${first}`
        expect(key.startsWith(`${escapeTenant(one)}#`)).toBe(false)
        expect(key > String(low) && key < String(high)).toBe(false)
      }),
    )
  })

  it('sorts ids of other alphabets as their code points do', () => {
    const cyrillic = fc.string({ unit: fc.constantFrom(...'АБВГДЯабвя'), minLength: 1 })
    fc.assert(
      fc.property(cyrillic, cyrillic, (one, other) => {
        expect(escapeTenant(one) < escapeTenant(other)).toBe(one < other)
      }),
    )
  })
})

describe('tenantName', () => {
  it('is the escaped id up to the limit, and has a hash above it', () => {
    expect(tenantName('acme corp', 32)).toBe('_acme_20corp')
    expect(tenantName('a'.repeat(32), 32)).toBe('a'.repeat(32))
    expect(tenantName('a'.repeat(40), 32)).toMatch(/^_a{13}_h[0-9a-f]{16}$/)
    expect(tenantName('я'.repeat(40), 32)).toMatch(/^__D1_8F_D1_8F__h[0-9a-f]{16}$/)
  })

  it("stays within the limit, and never is another tenant's name", () => {
    fc.assert(
      fc.property(anyPair, anyLimit, ([one, other], limit) => {
        const name = tenantName(one, limit)
        expect(name.length).toBeLessThanOrEqual(limit)
        expect(name).not.toBe(tenantName(other, limit))
        expect(unescapeTenant(name)).toBe(name === escapeTenant(one) ? one : undefined)
      }),
    )
  })

  it('is not taken by the tenant whose id is that name', () => {
    fc.assert(
      fc.property(anyId, anyLimit, (id, limit) => {
        const name = tenantName(id, limit)
        if (name !== id) expect(tenantName(name, limit)).not.toBe(name)
      }),
    )
  })
})

describe('sourceOf', () => {
  it('fits EventBridge, and tells the tenant unless a hash stands for its end', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const source = sourceOf(id)
        expect(source).toMatch(/^ecos\.[A-Za-z0-9._-]{1,251}$/)
        expect(tenantOfSource(source)).toBe(escapeTenant(id).length > 251 ? undefined : id)
      }),
    )
  })

  it('tells whose an event is, whatever tenant the event names', () => {
    fc.assert(
      fc.property(anyPair, ([one, other]) => {
        const source = sourceOf(one)
        expect(tenantOfSender(source, one)).toBe(one)
        expect(tenantOfSender(source, other)).toBe(tenantOfSource(source))
        expect(tenantOfSender(source, other)).not.toBe(other)
      }),
    )
  })

  it('has 256 characters at most, of which the tenant may use 251', () => {
    expect(sourceOf('a'.repeat(251))).toBe(`ecos.${'a'.repeat(251)}`)
    expect(sourceOf('a'.repeat(252))).toHaveLength(256)
    expect(sourceOf('a'.repeat(256))).toHaveLength(256)
  })

  it.each(['aws.s3', 'ecos-eventbridge', 'ecos.', 'ecos.a b'])('is never %j', (source) =>
    expect(tenantOfSource(source)).toBeUndefined(),
  )
})
