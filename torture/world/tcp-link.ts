import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection's way through the rig, which faults slow, cut and freeze. */
export interface TcpLink {
  readonly port: number
  /** What happens to bytes: passed on, after milliseconds, or kept for ever with the connection open. */
  mode:
    | { readonly kind: 'pass' }
    | { readonly kind: 'slow'; readonly ms: number }
    | { readonly kind: 'freeze' }
  /** New connections are closed at once. */
  isRefusing: boolean
  /** Closes all connections: with FIN, or with RST. */
  cut(how: 'end' | 'reset'): void
  close(): void
}

export async function startTcpLink(port: number): Promise<TcpLink> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    if (link.isRefusing) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    pass(near, far)
    pass(far, near)
  })

  /** Bytes stay in order, as each chunk waits for the one before. */
  function pass(from: Socket, to: Socket): void {
    sockets.add(from)
    let isFrozen = false
    let before = Promise.resolve()
    from.on('error', () => undefined)
    from.on('data', (bytes) => {
      const { mode } = link
      // A frozen connection never passes anything again, as behind a firewall that forgot it.
      isFrozen ||= mode.kind === 'freeze'
      if (isFrozen) return
      const ms = mode.kind === 'slow' ? mode.ms : 0
      before = before.then(async () => {
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
        if (to.writable && !to.write(bytes) && !from.isPaused()) {
          from.pause()
          to.once('drain', () => from.resume())
        }
      })
    })
    from.on('close', () => {
      sockets.delete(from)
      before.then(() => void (isFrozen || to.end()))
    })
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  const link: TcpLink = {
    port: (server.address() as AddressInfo).port,
    mode: { kind: 'pass' },
    isRefusing: false,
    cut(how) {
      for (const socket of sockets) {
        if (how === 'reset') socket.resetAndDestroy()
        else socket.destroy()
      }
    },
    close() {
      server.close()
      link.cut('end')
    },
  }
  return link
}
