/** The HTTP proxy through which AWS is reached. */
export interface HttpsProxy {
  /** `http://user:password@host:port` */
  readonly url: string
  /** Hosts that are reached directly, with commas: `.amazonaws.com,10.0.0.5`. */
  readonly except: string
}

/**
 * The proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`, or the same in lower case, which wins). The SDK
 * reads neither. Endpoints without TLS, such as a local AWS, are reached directly.
 */
export function httpsProxy(environment = process.env): HttpsProxy | undefined {
  const url = environment['https_proxy'] || environment['HTTPS_PROXY']
  if (!url) return undefined
  return { url, except: environment['no_proxy'] || environment['NO_PROXY'] || '' }
}
