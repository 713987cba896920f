import { isIPv4 } from 'node:net'
import { EcosError } from '../errors.ts'

/** The HTTP proxy through which AWS is reached. */
export interface HttpsProxy {
  /** `http://user:password@host:port` */
  readonly url: string
  /** Hosts that are reached directly, with commas: `.amazonaws.com,10.0.0.5`. A name stands for those below it too. */
  readonly except: string
}

/**
 * The proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`, or the same in lower case, which wins). The SDK
 * reads neither. Endpoints without TLS, such as a local AWS, are reached directly.
 *
 * @throws EcosError `invalid-variable`
 */
export function httpsProxy(environment = process.env): HttpsProxy | undefined {
  const given = environment['https_proxy'] || environment['HTTPS_PROXY']
  if (!given) return undefined
  // As curl reads it: without a scheme it is HTTP. Node.js would connect directly, and undici refuse it.
  const url = given.includes('://') ? given : `http://${given}`
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new EcosError(
      'invalid-variable',
      'Invalid environment variables: HTTPS_PROXY (it is http://host:port, with user:password@ before the host where ' +
        'the proxy asks for it)',
    )
  }
  return { url, except: exceptions(environment['no_proxy'] || environment['NO_PROXY'] || '') }
}

/** Names in the one form that Node.js and undici read alike: `.name`, which is the name and all below it. */
function exceptions(noProxy: string): string {
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '')
  if (entries.includes('*')) return '*'
  return entries.map((entry) => (isName(entry) ? entry.replace(/^\*?\.?/, '.') : entry)).join()
}

/** Not an IP address or a range of them, nor with a port. */
function isName(entry: string): boolean {
  return !entry.includes(':') && !isIPv4(entry.split('-')[0] ?? '')
}
