import { isAddressHost, isForbiddenHost } from '../public-address.ts'
import { type CheckedAddress, oneAddressOnly } from './checked.ts'
import { isResolvable } from './host-name.ts'

/**
 * Names that no public server resolves (IANA's Special-Use Domain Names, ICANN's .internal). Those for
 * documentation and tests are left out: nobody is reached by them.
 */
const privateName = /^[^.[]+\.?$|\.(localhost|local|internal|home\.arpa|invalid|onion|alt)\.?$/

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
  if (url.port === '0') return { problem: 'has the port 0' }
  if (!isAddressHost(url) && !isResolvable(url.hostname)) {
    return { problem: 'has a host that is not a host name: write one such as hooks.example.org' }
  }
  if (isPrivate && !allowPrivate) return { problem: 'has a host that is not public' }
  return url
}
