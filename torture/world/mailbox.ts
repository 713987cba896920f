import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { isGone } from '../plan/people.ts'

export interface ReceivedMail {
  readonly to: readonly string[]
  readonly messageId: string
  /** Subject and text. */
  readonly text: string
  readonly at: number
}

/** What the mail server does to a mail. `lose`: it takes the mail and breaks the connection off. */
export type MailMood = 'take' | 'refuse-for-now' | 'lose'

/** The mail server of a run. */
export interface Mailbox {
  readonly port: number
  readonly received: ReceivedMail[]
  mood: MailMood
  close(): Promise<void>
}

export async function startMailbox(): Promise<Mailbox> {
  const received: ReceivedMail[] = []
  /** By the client's port. */
  const sockets = new Map<number, Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      if (!isGone({ channel: 'email', address })) return done()
      done(Object.assign(new Error('5.1.1 No such mailbox'), { responseCode: 550 }))
    },
    onData(stream, session, done) {
      const { mood } = mailbox
      const to = session.envelope.rcptTo.map(({ address }) => address)
      simpleParser(stream).then(
        ({ messageId = '', subject = '', text = '' }) => {
          if (mood === 'refuse-for-now') {
            return done(Object.assign(new Error('Try later'), { responseCode: 451 }))
          }
          received.push({ to, messageId, text: `${subject}\n${text}`, at: Date.now() })
          if (mood === 'lose') sockets.get(session.remotePort)?.destroy()
          else done()
        },
        (error) => done(error),
      )
    },
  })
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const mailbox: Mailbox = {
    port: (server.server.address() as AddressInfo).port,
    received,
    mood: 'take',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailbox
}
