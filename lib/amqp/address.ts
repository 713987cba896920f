import { isUtf8 } from 'node:buffer'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { fileText, hasMark } from '../file-text.ts'
import { parseJson } from '../parse.ts'

/** A broker's URL, and the CAs to trust for it. */
export interface BrokerAddress {
  /** `amqp://` or `amqps://`, with user, password and virtual host. */
  readonly url: string
  /** PEM of the only CAs that are trusted for it (default: those bundled with Node.js). */
  readonly ca?: string | undefined
}

/**
 * A password with `/`, `?` or `#` ends the host early: its beginning would be taken for the host and port,
 * which errors name.
 */
const amqpUrl = z
  .string()
  .regex(/^amqps?:\/\//, 'is not amqp://user:password@host:port/vhost')
  .refine(
    (url) => URL.canParse(url) && !/^\w+:\/\/[^/?#]*[/?#].*@/s.test(url),
    'is not amqp://user:password@host:port/vhost: percent-encode / ? # @ in user, password and vhost',
  )

/** Node.js accepts a CA that is not a certificate without an error, and then trusts nobody. */
const caText = z
  .string()
  .refine(holdsCertificates, 'is not a CA certificate in PEM (-----BEGIN CERTIFICATE-----)')

const caTextOrFile = z.string().transform((value, context) => {
  const text = value.includes('-----BEGIN') ? value : textAt(value)
  if (text === undefined) context.addIssue('is neither PEM nor a readable file')
  else if (holdsCertificates(text)) return text
  else context.addIssue('holds no CA certificate in PEM (-----BEGIN CERTIFICATE-----)')
  return z.NEVER
})

/** The environment variables that name a broker. */
export const brokerVariables = z.object({
  AMQP_URL: amqpUrl,
  AMQP_CA: caTextOrFile.optional(),
})

const secret = z.object({ url: amqpUrl, ca: caText.optional() })

/**
 * Reads a broker's address from the text of a secret: the URL alone, or JSON
 * `{"url": "amqps://…", "ca": "-----BEGIN CERTIFICATE-----\n…"}`.
 *
 * @throws EcosError `invalid-secret`, which quotes nothing from the secret
 */
export function parseBrokerSecret(text: string): BrokerAddress {
  const parsed = secret.safeParse(text.startsWith('{') ? parseJson(text) : { url: text })
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new EcosError(
    'invalid-secret',
    `The secret with the broker's address is invalid (${faults.join(', ').trim()}): store the amqps:// URL, or JSON with url and ca`,
  )
}

function holdsCertificates(text: string): boolean {
  // Without its END line, a certificate was cut off.
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+(-----END CERTIFICATE-----)?/g)
  return certificates?.every(isCertificate) ?? false
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}

function textAt(path: string): string | undefined {
  try {
    const bytes = readFileSync(path)
    // The certificates are ASCII; comments beside them may be in any encoding.
    return hasMark(bytes) || isUtf8(bytes) ? fileText(bytes) : bytes.toString('latin1')
  } catch {
    return undefined
  }
}
