import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { EcosError } from '../errors.ts'

/** Where a broker is, and who vouches that it is the one. */
export interface BrokerAddress {
  /** `amqp://` or `amqps://`, with user, password and virtual host. */
  readonly url: string
  /** PEM of the only CAs that are trusted for it (default: those that Node.js comes with). */
  readonly ca?: string | undefined
}

const amqpUrl = z.string().regex(/^amqps?:\/\//, 'is not amqp://user:password@host:port/vhost')

/** Node.js takes a CA that is no certificate without a word, and then trusts nobody. */
const caText = z
  .string()
  .refine(holdsCertificates, 'is not the certificate of a CA: give it as PEM, -----BEGIN and all')

const caTextOrFile = z.string().transform((value, context) => {
  const text = value.includes('-----BEGIN') ? value : fileText(value)
  if (text === undefined) context.addIssue('is neither PEM nor a file that can be read')
  else if (holdsCertificates(text)) return text
  else context.addIssue('holds no certificate of a CA: give it as PEM, -----BEGIN and all')
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
 * @throws EcosError `invalid-secret`, which shows nothing of the secret
 */
export function parseBrokerSecret(text: string): BrokerAddress {
  const parsed = secret.safeParse(text.startsWith('{') ? parseJson(text) : { url: text })
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new EcosError(
    'invalid-secret',
    `Correct the secret of the broker's address (${faults.join(', ').trim()}): it is the amqps:// URL, or JSON with url and ca`,
  )
}

function holdsCertificates(text: string): boolean {
  // Without its end it is one that was cut off, and no certificate.
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

function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Its error would show a piece of the text.
    return undefined
  }
}
