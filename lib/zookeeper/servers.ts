import { EcosError } from '../errors.ts'

export interface Server {
  readonly host: string
  readonly port: number
}

const defaultPort = 2181

/**
 * Reads the addresses of an ensemble's servers, `host:port` with commas between them.
 *
 * @throws EcosError `invalid-zookeeper-servers`
 */
export function parseServers(text: string): Server[] {
  return text.split(',').map((one) => {
    const url = URL.parse(`tcp://${one.trim()}`)
    const isAddress = url?.hostname && !url.username && ['', '/'].includes(url.pathname)
    if (!isAddress) {
      throw new EcosError(
        'invalid-zookeeper-servers',
        'The servers of ZooKeeper are written as host:port, with commas between them and no path',
      )
    }
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return { host, port: url.port === '' ? defaultPort : Number(url.port) }
  })
}
