import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { access } from './access.ts'
import { createApi } from './api.ts'
import { headers, pageRoutes } from './page-files.ts'
import type { ConsolePorts } from './ports.ts'

const host = '127.0.0.1'

export interface ConsoleOptions {
  /** 0: one that is free. */
  readonly port: number
  /** Only that cell; without it all that are deployed. */
  readonly cell?: string
  /** Whether dead letters may be sent back. Without it nothing of the system is changed. */
  readonly allowRepair: boolean
  readonly ports: ConsolePorts
}

export interface Console {
  /** With the token. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the console on 127.0.0.1.
 *
 * @throws EcosError `no-such-cell`; `console-port` when the port can't be had
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { port, cell, allowRepair, ports } = options
  const deployed = await ports.cells()
  const cells = deployed.filter((name) => cell === undefined || name === cell)
  if (cells.length === 0) {
    const problem = cell === undefined ? 'There is no cell' : `There is no cell ${cell}`
    throw new EcosError('no-such-cell', `${problem} in that account and region: set AWS_REGION`)
  }
  const token = randomBytes(24).toString('base64url')
  const api = createApi({ ports, cells, allowRepair })
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
      const message = `The console can't be served on ${host}:${port}: ${messageOf(cause)}`
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
