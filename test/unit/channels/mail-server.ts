import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerAddress, type SMTPServerOptions } from 'smtp-server'

/** What a server was given: the envelope that it saw, the mail as it came, and as it reads. */
export interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly smtpUtf8: boolean
  readonly raw: string
  readonly mail: ParsedMail
}

export interface MailServer {
  readonly url: string
  readonly received: readonly Received[]
  readonly connections: () => number
  close(): Promise<void>
}

/**
 * A real SMTP server on a free port of this machine.
 *
 * @param mayAnswer resolves when the server may answer to a mail that it has received
 */
export async function startMailServer(
  options: SMTPServerOptions = {},
  mayAnswer: (received: readonly Received[]) => Promise<void> = async () => undefined,
): Promise<MailServer> {
  const received: Received[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    // Milliseconds: a pool that is still open does not hold up the end of a test.
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    onConnect(_session, done) {
      connections += 1
      done()
    },
    async onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      const raw = Buffer.concat(chunks)
      received.push({
        from: envelope.mailFrom ? envelope.mailFrom.address : '',
        to: envelope.rcptTo.map(({ address }) => address),
        smtpUtf8: hasArgument(envelope.mailFrom, 'SMTPUTF8'),
        raw: raw.toString(),
        mail: await simpleParser(raw),
      })
      await mayAnswer(received)
      done(null, 'queued as 4711')
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function hasArgument(sender: SMTPServerAddress | false, name: string): boolean {
  return sender !== false && sender.args !== false && name in sender.args
}

/** An answer of the server's: how smtp-server is told to refuse. */
export function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
