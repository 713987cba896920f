import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from '@jest/globals'
import { brokerVariables, parseBrokerSecret } from '../../../lib/amqp/address.ts'
import { readEnvironment } from '../../../lib/config.ts'

const url = 'amqps://bridge:geheim@host:5671/'
const ca = rootCertificates.slice(0, 2).join('\n')
const cut = ca.slice(0, -200)

describe('AMQP_CA', () => {
  const read = (AMQP_CA: string) => readEnvironment(brokerVariables, { AMQP_URL: url, AMQP_CA })

  it('is PEM', () => {
    expect(read(ca)).toEqual({ AMQP_URL: url, AMQP_CA: ca })
  })

  it.each([
    ['in UTF-8', Buffer.from('# наш собственный\n')],
    ['in ISO 8859-1', Buffer.from('# Tanúsítvány\n', 'latin1')],
    ['in windows-1251', Buffer.from('2320edf8e80a', 'hex')],
  ])('is a file of PEM, whatever else is in it, %s', (_, comment) => {
    const folder = mkdtempSync(join(tmpdir(), 'ecos-ca-'))
    const file = join(folder, 'ca.pem')
    writeFileSync(file, Buffer.concat([comment, Buffer.from(`${ca}\n`)]))
    try {
      expect(read(file).AMQP_CA).toContain(ca)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    ['a file that is not there', '/nowhere/ca.pem', 'neither PEM nor a readable file'],
    ['a file of something else', 'package.json', 'no CA certificate'],
    ['a certificate that was cut off', cut, 'no CA certificate'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----', 'no CA certificate'],
  ])('is not %s', (_, value, problem) => {
    expect(() => read(value)).toThrow(`AMQP_CA (`)
    expect(() => read(value)).toThrow(problem)
  })
})

describe("the secret of the broker's address", () => {
  it('is the URL alone, or JSON with the CA beside it', () => {
    expect(parseBrokerSecret(url)).toEqual({ url })
    expect(parseBrokerSecret(JSON.stringify({ url }))).toEqual({ url })
    expect(parseBrokerSecret(JSON.stringify({ url, ca }))).toEqual({ url, ca })
  })

  it.each([
    ['another protocol', 'https://bridge:geheim@host/'],
    ['a password with a slash', 'amqps://bridge:1/geheim@host/'],
    ['a password with a question mark', 'amqps://bridge:1?geheim@host/'],
    ['a password with a hash', 'amqp://bridge:1#geheim\nx@host/'],
    ['a port that is none', 'amqps://bridge:geheim@host:x/'],
    ['JSON that is broken', `{"url": "${url}`],
    ['JSON without the URL', JSON.stringify({ geheim: url })],
    ['a CA that is none', JSON.stringify({ url, ca: 'geheim' })],
    ['a CA that was cut off', JSON.stringify({ url, ca: cut })],
  ])('is not %s, and the refusal shows nothing of it', (_, secret) => {
    expect(() => parseBrokerSecret(secret)).toThrow(
      expect.objectContaining({
        code: 'invalid-secret',
        message: expect.not.stringMatching('geheim'),
      }),
    )
  })
})
