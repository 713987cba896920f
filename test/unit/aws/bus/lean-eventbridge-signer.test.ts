import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Checksum, SourceData } from '@smithy/types'
import fc from 'fast-check'
import { createSigner } from '../../../../lib/aws/bus/lean-eventbridge-signer.ts'

/** Node's SHA-256 as the SDK's signer wants it. */
class Sha256 implements Checksum {
  readonly #hash
  constructor(secret?: SourceData) {
    this.#hash = secret ? createHmac('sha256', asBytes(secret)) : createHash('sha256')
  }
  update(data: Uint8Array) {
    this.#hash.update(data)
  }
  async digest() {
    return this.#hash.digest()
  }
  reset() {}
}

const asBytes = (data: SourceData) =>
  typeof data === 'string' || data instanceof Uint8Array
    ? Buffer.from(data as string)
    : Buffer.from(data as ArrayBuffer)

describe('createSigner', () => {
  it('signs as the SDK does, whatever the body, the path, the day and the credentials', async () => {
    const text = fc.string({ minLength: 1 })
    const request = fc.record({
      body: fc.uint8Array(),
      at: fc.date({
        min: new Date('2020-01-01'),
        max: new Date('2040-01-01'),
        noInvalidDate: true,
      }),
      accessKeyId: text,
      secretAccessKey: text,
      sessionToken: fc.option(fc.stringMatching(/^[\w+/=]+$/), { nil: undefined }),
      path: fc.constantFrom('/', '/prefix/', '/a%20b/'),
    })
    const target = 'AWSEvents.PutEvents'
    const host = 'events.eu-central-1.amazonaws.com'
    await fc.assert(
      fc.asyncProperty(request, async ({ body, at, path, sessionToken, ...keys }) => {
        const credentials = { ...keys, ...(sessionToken && { sessionToken }) }
        const sign = createSigner({ region: 'eu-central-1', host, path, target })
        const { 'content-type': contentType = '', ...own } = sign(body, credentials, at)
        const sdk = new SignatureV4({
          service: 'events',
          region: 'eu-central-1',
          credentials,
          sha256: Sha256,
          applyChecksum: false,
        })
        const signed = await sdk.sign(
          {
            method: 'POST',
            protocol: 'https:',
            hostname: host,
            path,
            headers: { 'content-type': contentType, host, 'x-amz-target': target },
            body,
          },
          { signingDate: at },
        )
        expect({ 'content-type': contentType, ...own }).toEqual(signed.headers)
      }),
    )
  })
})
