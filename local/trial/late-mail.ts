import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** The answer to each recipient, in the words of a greylisting server. */
const refusal = '451 4.7.1 Greylisting in action, please come back later'

/** A mail server that takes no mail for now. */
export async function startLateMail(): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.write('220 late.example ESMTP\r\n')
    createInterface(socket).on('line', (line) => {
      const [verb = ''] = line.toUpperCase().split(' ')
      socket.write(`${answerTo(verb)}\r\n`)
      if (verb === 'QUIT') socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerTo(verb: string): string {
  if (verb === 'RCPT') return refusal
  return verb === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 OK'
}
