import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createOwnPage, type OwnPageSettings } from '../../lib/aws/own-page.ts'
import { createLog } from '../../lib/log.ts'

export type OwnPage = {
  url: string
  /** Serves the page on the tables of a deployment, with the AWS of this process's environment. */
  open(settings: OwnPageSettings): void
  close(): Promise<void>
}

/** Starts a server for people's own pages, whose address a deployment needs before there are tables. */
export async function startOwnPage(): Promise<OwnPage> {
  let answer = async (_: Request): Promise<Response> =>
    new Response('Not deployed', { status: 503 })
  const server = createAdaptorServer({ fetch: (request) => answer(request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open(settings) {
      const app = createOwnPage(settings, createLog())
      answer = async (request) => app.fetch(request)
    },
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
