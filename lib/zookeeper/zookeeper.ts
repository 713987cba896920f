import { EcosError } from '../errors.ts'
import { type Connection, openConnection, type Session } from './connection.ts'
import {
  create,
  exists,
  getChildren,
  getData,
  type NodeData,
  type NodeMode,
  remove,
  setData,
} from './operations.ts'
import { parseServers } from './servers.ts'

/**
 * A connection to ZooKeeper, with as much of its interface as the registry of events needs. Whoever
 * holds it connects anew when it is lost, within the session where that still lives.
 */
export interface ZooKeeper {
  readonly session: Session
  exists(path: string): Promise<boolean>
  /**
   * Creates a node, and its parents as containers, as Curator does: they go when they are empty.
   *
   * @throws EcosError `node-exists`
   */
  create(path: string, data: Uint8Array, mode: NodeMode): Promise<void>
  /** Undefined where there is no node. */
  getData(path: string): Promise<NodeData | undefined>
  /** @throws EcosError `no-node`; `bad-version` when another has set it since that version */
  setData(path: string, data: Uint8Array, version: number): Promise<void>
  /** Their names; none where there is no node. */
  getChildren(path: string): Promise<string[]>
  /** Whether there was one. @throws EcosError `not-empty` */
  delete(path: string): Promise<boolean>
  /** Ends the session with the connection. */
  close(): Promise<void>
  /** Aborted, with the reason, when the connection is lost. */
  readonly lost: AbortSignal
}

/** Milliseconds for which the servers are asked to keep a session without a connection. */
const sessionTimeout = 30_000

/** A session that the servers are to make. */
const newSession: Session = { id: 0n, password: new Uint8Array(16), timeout: sessionTimeout }

/** A parent may go, being empty, between its creation and its child's: then it is created again. */
const createAttempts = 5

/**
 * Connects to one of an ensemble's servers, in a random order.
 *
 * @param servers `host:port`, with commas between them
 * @param session the one to go on with; a new one where there is none, or where it has expired
 * @throws EcosError `zookeeper-unreachable` when none of them answers, `invalid-zookeeper-servers`
 */
export async function connectZooKeeper(
  servers: string,
  session: Session = newSession,
): Promise<ZooKeeper> {
  const addresses = parseServers(servers).sort(() => Math.random() - 0.5)
  let failure: unknown
  for (const address of addresses) {
    try {
      return zooKeeperOn(await openConnection(address, session))
    } catch (error) {
      if (
        error instanceof EcosError &&
        error.code === 'session-expired' &&
        session !== newSession
      ) {
        return connectZooKeeper(servers)
      }
      failure = error
    }
  }
  throw failure
}

function zooKeeperOn(connection: Connection): ZooKeeper {
  const { request } = connection
  return {
    session: connection.session,
    lost: connection.lost,
    close: connection.close,
    create: createNode,
    exists: (path) => ifThere(request(exists(path)).then(() => true)).then((is) => is ?? false),
    getData: (path) => ifThere(request(getData(path))),
    setData: (path, data, version) => request(setData(path, data, version)),
    getChildren: (path) => ifThere(request(getChildren(path))).then((names) => names ?? []),
    delete: (path) => ifThere(request(remove(path)).then(() => true)).then((was) => was ?? false),
  }

  async function createNode(path: string, data: Uint8Array, mode: NodeMode): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request(create(path, data, mode))
      } catch (error) {
        if (!isNoNode(error) || attempt === createAttempts) throw error
        await createContainer(path.slice(0, path.lastIndexOf('/')))
      }
    }
  }

  async function createContainer(path: string): Promise<void> {
    try {
      await createNode(path, new Uint8Array(), 'container')
    } catch (error) {
      if (!(error instanceof EcosError && error.code === 'node-exists')) throw error
    }
  }
}

async function ifThere<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNoNode(error)) return undefined
    throw error
  }
}

function isNoNode(error: unknown): boolean {
  return error instanceof EcosError && error.code === 'no-node'
}
