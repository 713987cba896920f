import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

// An SMTP server in a process of its own, `node bench/whole-way/sink.ts`. It sends its parent the port, and then
// for each mail the recipient and when it was accepted, in microseconds of the machine's monotonic clock.

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, { envelope }, done) {
    stream.on('end', () => {
      const acceptedMicros = Number(process.hrtime.bigint() / 1000n)
      for (const { address } of envelope.rcptTo) process.send?.({ address, acceptedMicros })
      done()
    })
    stream.resume()
  },
})
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.server.address() as AddressInfo).port)
})
process.once('disconnect', () => process.exit())
