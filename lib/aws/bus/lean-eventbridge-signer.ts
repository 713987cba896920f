import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

/** Endpoint and operation of the requests. */
export interface SignedScope {
  readonly region: string
  /** As in the endpoint's URL, with the port where it is not the scheme's own. */
  readonly host: string
  /** As in the request line. */
  readonly path: string
  /** `X-Amz-Target`. */
  readonly target: string
}

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** With temporary credentials. */
  readonly sessionToken?: string | undefined
}

/** @returns the signed request's headers, except its length */
export type Sign = (body: Uint8Array, credentials: Credentials, at: Date) => Record<string, string>

const service = 'events'
const contentType = 'application/x-amz-json-1.1'

/**
 * Signature Version 4 for JSON POST requests to one path. The signing key is cached for its day and
 * secret.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigner({ region, host, path, target }: SignedScope): Sign {
  const canonicalPath = path.split('/').map(encodeURIComponent).join('/')
  let known: { day: string; secret: string; key: KeyObject } | undefined

  return (body, { accessKeyId, secretAccessKey, sessionToken }, at) => {
    const time = at.toISOString().replace(/[:-]|\.\d{3}/g, '')
    const day = time.slice(0, 8)
    const scope = `${day}/${region}/${service}/aws4_request`
    const signed = sessionToken
      ? 'content-type;host;x-amz-date;x-amz-security-token;x-amz-target'
      : 'content-type;host;x-amz-date;x-amz-target'
    const token = sessionToken ? `x-amz-security-token:${sessionToken}\n` : ''
    const canonicalHeaders = `content-type:${contentType}\nhost:${host}\nx-amz-date:${time}\n${token}x-amz-target:${target}\n`
    const canonicalRequest = `POST\n${canonicalPath}\n\n${canonicalHeaders}\n${signed}\n${hash('sha256', body)}`
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonicalRequest)}`
    const signature = hmac(keyOf(day, secretAccessKey), toSign).toString('hex')
    return {
      'content-type': contentType,
      host,
      'x-amz-date': time,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    }
  }

  /** A KeyObject: creating it from bytes for each request would cost six times the HMAC itself. */
  function keyOf(day: string, secret: string): KeyObject {
    if (known?.day !== day || known.secret !== secret) {
      const parts = [day, region, service, 'aws4_request']
      const key = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`))
      known = { day, secret, key: createSecretKey(key) }
    }
    return known.key
  }
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
