import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and can be cut like a cable. */
export interface TcpProxy {
  readonly port: number
  /** Breaks the connections there are; while `refuse` is true, new ones are broken at once. */
  cut(): void
  refuse: boolean
  close(): void
}

export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
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
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    refuse: false,
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
