import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ownLinkDays, readOwnLink, signOwnLink } from '../../../lib/channels/own-link.ts'

const secret = Buffer.alloc(32, 1).toString('base64')
const other = Buffer.alloc(32, 2).toString('base64')
const now = new Date('2026-11-28T10:00:00Z')
const link = {
  purpose: 'page',
  tenant: 'acme',
  username: 'иванов',
  issuedAt: now.getTime() / 1000,
  eventType: 'task.assign',
} as const

describe('a link to a person’s own page', () => {
  it('is read as it was signed, also while the secret is being replaced', () => {
    const token = signOwnLink(secret, link)
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/)
    expect(readOwnLink(secret, token, now)).toEqual({ link })
    expect(readOwnLink(`${other} ${secret}`, token, now)).toEqual({ link })
    expect(readOwnLink(other, token, now)).toEqual({ refused: 'forged' })
    expect(readOwnLink(other, signOwnLink(`${other} ${secret}`, link), now)).toEqual({ link })
  })

  it('expires', () => {
    const token = signOwnLink(secret, link)
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
    expect(readOwnLink(secret, token, later(ownLinkDays * 86_400))).toEqual({ link })
    expect(readOwnLink(secret, token, later(ownLinkDays * 86_400 + 1))).toEqual({
      refused: 'expired',
    })
  })

  it('is of its tenant: another’s key signs nothing for it', () => {
    const [, signature] = signOwnLink(secret, { ...link, tenant: 'umbrella' }).split('.')
    const [payload] = signOwnLink(secret, link).split('.')
    expect(readOwnLink(secret, `${payload}.${signature}`, now)).toEqual({ refused: 'forged' })
  })

  it('that anybody changed anywhere is forged', () => {
    const token = signOwnLink(secret, link)
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
        const changed = token.slice(0, at) + put + token.slice(at + 1)
        const read = readOwnLink(secret, changed, now)
        if (changed !== token) expect(read).toEqual({ refused: 'forged' })
      }),
    )
    for (const text of [
      `${token}!`,
      `${token}==`,
      '',
      '.',
      'a.b',
      `${token}.x`,
      'x'.repeat(5000),
    ]) {
      expect(readOwnLink(secret, text, now)).toEqual({ refused: 'forged' })
    }
  })

  it.each(['', 'short', 'not base64!'.repeat(5)])('is never signed with the secret "%s"', (bad) => {
    expect(() => signOwnLink(bad, link)).toThrow(
      expect.objectContaining({
        code: 'page-secret',
        message: expect.not.stringContaining('short'),
      }),
    )
  })
})
