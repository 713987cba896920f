import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose connections a test can cut. */
export interface TcpProxy {
  readonly port: number
  /** Destroys the open connections. While `refuse` is true, new ones are destroyed at once. */
  cut(): void
  refuse: boolean
  /** From now on nothing passes in either direction, and no connection is closed: a half-open one. */
  freeze(): void
  close(): void
}

/** @param onSent called with the bytes that a client has sent, once they are passed on */
export async function startTcpProxy(
  host: string,
  port: number,
  onSent: (bytes: number) => void = () => undefined,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((near) => {
    if (proxy.refuse) return void near.destroy()
    const far = connect(port, host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        if (!frozen) other.end()
      })
      socket.on('data', (data) => {
        if (frozen) return
        other.write(data)
        if (socket === near) onSent(data.length)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    refuse: false,
    freeze() {
      frozen = true
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    close() {
      server.close()
      proxy.cut()
    },
  }
  return proxy
}
