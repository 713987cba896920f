import { isForbiddenHost } from '../public-address.ts'
import { type CheckedAddress, oneAddressOnly } from './checked.ts'

/** Names that only a private network resolves (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal). */
const privateName = /^[^.[]+\.?$|\.(localhost|local|internal|home\.arpa)\.?$/

/**
 * An https URL of a public host without credentials.
 *
 * @param allowPrivate also allows hosts of private networks, and http to them
 */
export function endpointUrl(text: string, allowPrivate: boolean): URL | CheckedAddress {
  if (/\s|[,;]https?:/i.test(text)) return oneAddressOnly
  const url = URL.parse(text)
  if (url === null) return { problem: 'is not a URL: write https://…' }
  const isPrivate = isForbiddenHost(url) || privateName.test(url.hostname)
  if (url.protocol !== 'https:' && !(allowPrivate && isPrivate && url.protocol === 'http:')) {
    return { problem: 'is not https: write https://…' }
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'has credentials: remove user and password from the URL' }
  }
  if (isPrivate && !allowPrivate) return { problem: 'has a host that is not public' }
  return url
}
