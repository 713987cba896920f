import { EcosError } from '../errors.ts'

export interface Server {
  readonly host: string
  readonly port: number
}

const defaultPort = 2181

/**
 * Parses the servers of an ensemble: comma-separated `host:port`.
 *
 * @throws EcosError `invalid-zookeeper-servers`
 */
export function parseServers(text: string): Server[] {
  return text.split(',').map((address) => {
    const url = URL.parse(`tcp://${address.trim()}`)
    const isAddress = url?.hostname && !url.username && ['', '/'].includes(url.pathname)
    if (!isAddress) {
      throw new EcosError(
        'invalid-zookeeper-servers',
        'The ZooKeeper servers must be a comma-separated list of host:port, without a path',
      )
    }
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return { host, port: url.port === '' ? defaultPort : Number(url.port) }
  })
}
