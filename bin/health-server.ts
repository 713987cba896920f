import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isReady, type WorkerStatus } from '../lib/bridge/worker/status.ts'
import { EcosError, messageOf } from '../lib/errors.ts'

export interface HealthServer {
  readonly url: string
  close(): void
}

/**
 * Serves `GET /live` (200 while the process runs) and `GET /ready` (200 while events flow, else 503),
 * each with the status as JSON.
 *
 * @throws EcosError `health-port` if it can't listen on the address
 */
export async function serveHealth(
  status: WorkerStatus,
  port: number,
  host: string,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const code = codeOf(request.method, request.url, status)
    response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    const body = code === 200 || code === 503 ? { ready: isReady(status), ...status } : {}
    response.end(`${JSON.stringify(body)}\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `The health endpoint can't be served on ${host}:${port}: ${messageOf(cause)}`
      reject(new EcosError('health-port', message, { cause }))
    })
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${name}:${address.port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function codeOf(method: string | undefined, url: string | undefined, status: WorkerStatus): number {
  if (method !== 'GET' && method !== 'HEAD') return 405
  if (url === '/live') return 200
  if (url === '/ready') return isReady(status) ? 200 : 503
  return 404
}
