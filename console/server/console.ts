import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { access } from './access.ts'
import { createApi } from './api.ts'
import type { Meanings } from './meanings.ts'
import { headers, pageRoutes } from './page-files.ts'
import type { ConsolePorts } from './ports.ts'

const host = '127.0.0.1'

export interface ConsoleOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** Without it, all deployed cells. */
  readonly cell?: string
  /** Whether dead letters may be sent back. Otherwise the console changes nothing. */
  readonly allowRepair: boolean
  readonly ports: ConsolePorts
  /** What error codes mean, in Russian. */
  readonly russianMeanings?: Meanings | undefined
}

export interface Console {
  /** Includes the token. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the console on 127.0.0.1.
 *
 * @throws EcosError `no-such-cell`; `console-port` if the port is taken
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { port, cell, allowRepair, ports, russianMeanings } = options
  const deployed = await ports.cells()
  const cells = deployed.filter((name) => cell === undefined || name === cell)
  if (cells.length === 0) {
    const problem = cell === undefined ? 'No cell is deployed' : `The cell ${cell} is not deployed`
    throw new EcosError('no-such-cell', `${problem} in this account and region: set AWS_REGION`)
  }
  const token = randomBytes(24).toString('base64url')
  const api = createApi({ ports, cells, allowRepair, russianMeanings })
  let origin = ''
  const app = new Hono()
    .use(headers)
    .use(access({ token, origin: () => origin }))
    .use('/api/*', async (context, next) => {
      await next()
      context.header('cache-control', 'no-store')
    })
    .route('/api', api.routes)
    .route('/', pageRoutes())
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `The console can't listen on ${host}:${port}: ${messageOf(cause)}`
      reject(new EcosError('console-port', message, { cause }))
    })
    server.listen(port, host, resolve)
  })
  origin = `http://${host}:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/?token=${token}`,
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await api.close()
      await ports.close()
    },
  }
}
