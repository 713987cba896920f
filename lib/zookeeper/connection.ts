import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { EcosError, messageOf } from '../errors.ts'
import { failureOf } from './failure.ts'
import { createFrames } from './frames.ts'
import { createJuteReader, createJuteWriter, type JuteReader, type JuteWriter } from './jute.ts'
import type { Server } from './servers.ts'

/** A client's identity at the servers. It outlives a lost connection by its time-out. */
export interface Session {
  readonly id: bigint
  readonly password: Uint8Array
  /** Milliseconds. The server may choose another than was asked for. */
  readonly timeout: number
}

/** How one kind of request is written, and its answer read. */
export interface Operation<Answer> {
  /** Source: org.apache.zookeeper.ZooDefs.OpCode */
  readonly type: number
  readonly path: string
  write(writer: JuteWriter): void
  read(reader: JuteReader): Answer
}

/** A connection to one server, within a session. */
export interface Connection {
  readonly session: Session
  /** @throws EcosError as `failureOf` says, or `zookeeper-lost` */
  request<Answer>(operation: Operation<Answer>): Promise<Answer>
  /** Ends the session too, which deletes its ephemeral nodes. */
  close(): Promise<void>
  /** Aborted, with the reason, when the connection is lost. */
  readonly lost: AbortSignal
}

/** Milliseconds for a server to accept a connection and answer the handshake. */
const connectTimeout = 5_000

const pingRequest = { xid: -2, type: 11 } as const
const closeRequest = { xid: 0, type: -11 } as const

/**
 * Connects to one server and continues the session.
 *
 * @throws EcosError `zookeeper-unreachable`; `session-expired` when the servers have dropped the session
 */
export async function openConnection(server: Server, session: Session): Promise<Connection> {
  const socket = connect({ ...server, noDelay: true })
  try {
    const signal = AbortSignal.timeout(connectTimeout)
    await once(socket, 'connect', { signal })
    return await greet(socket, session, signal)
  } catch (cause) {
    socket.destroy()
    if (cause instanceof EcosError) throw cause
    throw new EcosError(
      'zookeeper-unreachable',
      `ZooKeeper at ${server.host}:${server.port} can't be reached: ${messageOf(cause)}`,
      { cause, retryable: true },
    )
  }
}

async function greet(socket: Socket, session: Session, signal: AbortSignal): Promise<Connection> {
  const takeFrames = createFrames()
  // Protocol version, last zxid seen, session; and that a read-only server is not acceptable.
  const request = createJuteWriter().int(0).long(0n).int(session.timeout).long(session.id)
  socket.write(request.buffer(session.password).bool(false).frame())
  let frame: Buffer | undefined
  while (frame === undefined) {
    const [chunk] = (await Promise.race([
      once(socket, 'data', { signal }),
      once(socket, 'close', { signal }).then(() => {
        throw new Error('it closed the connection')
      }),
    ])) as [Buffer]
    frame = takeFrames(chunk)[0]
  }
  const reader = createJuteReader(frame)
  reader.int()
  const timeout = reader.int()
  if (timeout <= 0) {
    throw new EcosError('session-expired', 'ZooKeeper has ended the session', { retryable: true })
  }
  return converse(socket, { id: reader.long(), password: reader.buffer(), timeout }, takeFrames)
}

interface Waiting {
  resolve(reader: JuteReader): void
  reject(error: EcosError): void
  readonly path: string
}

function converse(
  socket: Socket,
  session: Session,
  takeFrames: (chunk: Buffer) => Buffer[],
): Connection {
  const lost = new AbortController()
  const waiting = new Map<number, Waiting>()
  let xid = 0
  let heard = performance.now()
  const pinging = setInterval(ping, session.timeout / 3)

  socket.on('data', (chunk) => {
    heard = performance.now()
    try {
      for (const frame of takeFrames(chunk)) receive(createJuteReader(frame))
    } catch (error) {
      lose(error)
    }
  })
  socket.on('error', lose)
  socket.on('close', () => lose(new Error('it was closed')))

  return {
    session,
    lost: lost.signal,
    async request({ type, path, write, read }) {
      lost.signal.throwIfAborted()
      xid += 1
      const answered = Promise.withResolvers<JuteReader>()
      waiting.set(xid, { ...answered, path })
      const writer = createJuteWriter().int(xid).int(type)
      write(writer)
      socket.write(writer.frame())
      return read(await answered.promise)
    },
    async close() {
      if (lost.signal.aborted) return
      const closed = once(socket, 'close', { signal: AbortSignal.timeout(connectTimeout) })
      send(closeRequest)
      // The server closes the connection. The wait is bounded in case it does not.
      await closed.catch(() => undefined)
      lose(new Error('it was closed'))
    },
  }

  function receive(reader: JuteReader): void {
    const answers = reader.int()
    reader.long()
    const error = reader.int()
    const one = waiting.get(answers)
    waiting.delete(answers)
    if (error === 0) one?.resolve(reader)
    else one?.reject(failureOf(error, one.path))
  }

  function ping(): void {
    if (performance.now() - heard > (session.timeout * 2) / 3) lose(new Error('it is silent'))
    else send(pingRequest)
  }

  function send(request: { readonly xid: number; readonly type: number }): void {
    socket.write(createJuteWriter().int(request.xid).int(request.type).frame())
  }

  function lose(cause: unknown): void {
    if (lost.signal.aborted) return
    clearInterval(pinging)
    const error = new EcosError(
      'zookeeper-lost',
      `The connection to ZooKeeper was lost: ${messageOf(cause)}`,
      { cause, retryable: true },
    )
    lost.abort(error)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    socket.destroy()
  }
}
