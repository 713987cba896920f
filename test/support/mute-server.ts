import { type AddressInfo, connect, createServer } from 'node:net'

export interface MuteServer {
  readonly url: string
  close(): void
}

const endOfMail = '\r\n.\r\n'

/**
 * Stands before a mail server and breaks the first connection that has handed over a whole mail, so that
 * the sender never sees the server's answer to it.
 *
 * @param url of the mail server
 */
export async function muteOnce(url: string): Promise<MuteServer> {
  let isMuted = false
  const proxy = createServer((client) => {
    /** The last bytes so far: a mail's end may come in two chunks. */
    let tail = ''
    const server = connect(Number(new URL(url).port), '127.0.0.1')
    const end = () => {
      client.destroy()
      server.destroy()
    }
    client.on('error', end).on('close', () => server.end())
    server.on('error', end).on('close', end)
    client.on('data', (bytes) => {
      server.write(bytes)
      tail = (tail + bytes.toString('latin1')).slice(-endOfMail.length)
      if (isMuted || tail !== endOfMail) return
      isMuted = true
      client.destroy()
    })
    server.on('data', (bytes) => void (client.destroyed || client.write(bytes)))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, close: () => void proxy.close() }
}
