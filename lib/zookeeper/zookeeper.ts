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
 * A connection to ZooKeeper, with the operations that the event registry needs. When it is lost, its
 * owner reconnects, and keeps the session if that is still alive.
 */
export interface ZooKeeper {
  readonly session: Session
  exists(path: string): Promise<boolean>
  /**
   * Creates a node, and missing parents as containers, as Curator does: ZooKeeper deletes empty ones.
   *
   * @throws EcosError `node-exists`
   */
  create(path: string, data: Uint8Array, mode: NodeMode): Promise<void>
  /** Undefined if there is no such node. */
  getData(path: string): Promise<NodeData | undefined>
  /** @throws EcosError `no-node`; `bad-version` if it was set since that version */
  setData(path: string, data: Uint8Array, version: number): Promise<void>
  /** The children's names; empty if there is no such node. */
  getChildren(path: string): Promise<string[]>
  /** @returns whether it existed
   * @throws EcosError `not-empty` */
  delete(path: string): Promise<boolean>
  /** Ends the session and the connection. */
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
 * @param servers comma-separated `host:port`
 * @param session the session to continue (default, or if it has expired: a new one)
 * @throws EcosError `zookeeper-unreachable` when no server answers, `invalid-zookeeper-servers`
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
    exists: (path) =>
      ifThere(request(exists(path)).then(() => true)).then((found) => found ?? false),
    getData: (path) => ifThere(request(getData(path))),
    setData: (path, data, version) => request(setData(path, data, version)),
    getChildren: (path) => ifThere(request(getChildren(path))).then((names) => names ?? []),
    delete: (path) =>
      ifThere(request(remove(path)).then(() => true)).then((deleted) => deleted ?? false),
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
