import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedHook {
  /** The whole address. */
  readonly address: string
  readonly notificationId: string
  readonly text: string
  readonly at: number
}

/** What the endpoint does. `lose`: it takes the request and breaks the connection off. */
export type HookMood = 'take' | 'fail' | 'too-many' | 'hang' | 'lose'

/** The endpoint of the webhooks of a run. */
export interface Hooks {
  readonly url: string
  readonly received: ReceivedHook[]
  mood: HookMood
  close(): void
}

export async function startHooks(): Promise<Hooks> {
  const received: ReceivedHook[] = []
  const server = createServer(async (request, response) => {
    const { mood } = hooks
    const body = await text(request).catch(() => undefined)
    if (body === undefined || mood === 'hang') return
    if (mood === 'fail') return void response.writeHead(503).end()
    if (mood === 'too-many') return void response.writeHead(429, { 'retry-after': '1' }).end()
    received.push({
      address: `${hooks.url}${request.url}`,
      notificationId: String(request.headers['webhook-id']),
      text: body,
      at: Date.now(),
    })
    if (mood === 'lose') response.destroy()
    else response.writeHead(204).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const hooks: Hooks = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    mood: 'take',
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return hooks
}
