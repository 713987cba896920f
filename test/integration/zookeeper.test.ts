import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openConnection } from '../../lib/zookeeper/connection.ts'
import { connectZooKeeper, type ZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import type { ZooKeeperPart } from '../../local/zookeeper.ts'
import { eventually } from '../support/stack.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { newZooKeeper } from '../support/zookeeper.ts'

const newSession = { id: 0n, password: new Uint8Array(16) }
let server: ZooKeeperPart
let other: ZooKeeper
const portOf = () => Number(server.servers.split(':')[1])
const text = (value: string) => Buffer.from(value)

beforeAll(async () => {
  server = await newZooKeeper()
  other = await connectZooKeeper(server.servers)
}, 300_000)

afterAll(async () => {
  await other?.close()
  await server?.stop()
})

describe('the nodes of a real ZooKeeper', () => {
  it('are created with their parents, read, set by version and deleted', async () => {
    const zooKeeper = await connectZooKeeper(server.servers)
    await zooKeeper.create('/a/b/c', text('one'), 'persistent')
    expect(await other.exists('/a/b')).toBe(true)
    expect(await other.getData('/a/b/c')).toEqual({ data: text('one'), version: 0 })
    await zooKeeper.setData('/a/b/c', text('двa'), 0)
    expect(await other.getData('/a/b/c')).toEqual({ data: text('двa'), version: 1 })
    expect(await other.getChildren('/a/b')).toEqual(['c'])
    expect(await zooKeeper.delete('/a/b/c')).toBe(true)
    expect(await other.getChildren('/a/b')).toEqual([])
    await zooKeeper.close()
  })

  it('that are not there are told apart from failures', async () => {
    expect(await other.exists('/none')).toBe(false)
    expect(await other.getData('/none')).toBeUndefined()
    expect(await other.getChildren('/none')).toEqual([])
    expect(await other.delete('/none')).toBe(false)
    await expect(other.setData('/none', text(''), 0)).rejects.toMatchObject({ code: 'no-node' })
  })

  it('that another has changed are not overwritten, nor those with children deleted', async () => {
    await other.create('/d/e', text('one'), 'persistent')
    await other.setData('/d/e', text('two'), 0)
    await expect(other.setData('/d/e', text('three'), 0)).rejects.toMatchObject({
      code: 'bad-version',
    })
    await expect(other.create('/d/e', text(''), 'persistent')).rejects.toMatchObject({
      code: 'node-exists',
    })
    await expect(other.delete('/d')).rejects.toMatchObject({ code: 'not-empty' })
  })

  it('take as much as a node may hold, and answer many requests that are under way at once', async () => {
    const large = Buffer.alloc(1_000_000, 'x')
    await other.create('/large', large, 'persistent')
    const answers = await Promise.all(Array.from({ length: 20 }, () => other.getData('/large')))
    expect(answers.every((answer) => answer?.data.equals(large))).toBe(true)
  })
})

describe('a session', () => {
  it('goes on over another connection, with its ephemeral nodes', async () => {
    const proxy = await startTcpProxy('127.0.0.1', portOf())
    const first = await connectZooKeeper(`127.0.0.1:${proxy.port}`)
    await first.create('/s/kept', text(''), 'ephemeral')
    proxy.cut()
    await eventually(async () => first.lost.aborted, Boolean)
    await expect(first.exists('/s/kept')).rejects.toMatchObject({ code: 'zookeeper-lost' })

    const second = await connectZooKeeper(server.servers, first.session)
    expect(second.session.id).toBe(first.session.id)
    await second.close()
    expect(await other.exists('/s/kept')).toBe(false)
    proxy.close()
  })

  it('is a new one where the servers no longer know the old one', async () => {
    const first = await connectZooKeeper(server.servers)
    await first.close()
    const second = await connectZooKeeper(server.servers, first.session)
    expect(second.session.id).not.toBe(first.session.id)
    await second.create('/s/new', text(''), 'ephemeral')
    expect(await other.exists('/s/new')).toBe(true)
    await second.close()
  })

  it('is kept by pings while nothing is asked', async () => {
    const address = { host: '127.0.0.1', port: portOf() }
    // Long enough for a busy machine: a ping is sent several times in it.
    const timeout = 4_000
    const connection = await openConnection(address, { ...newSession, timeout })
    expect(connection.session.timeout).toBe(timeout)
    await new Promise((resolve) => setTimeout(resolve, 2 * timeout))
    expect(connection.lost.aborted).toBe(false)
    await connection.close()
  })

  it('outlives its server, whose nodes are there again after its restart', async () => {
    const zooKeeper = await connectZooKeeper(server.servers)
    await zooKeeper.create('/r/kept', text('still'), 'persistent')
    await server.restart()
    await eventually(async () => zooKeeper.lost.aborted, Boolean)
    other = await connectZooKeeper(server.servers, other.session)
    expect(await other.getData('/r/kept')).toEqual({ data: text('still'), version: 0 })
  }, 300_000)
})

describe('servers that do not answer', () => {
  it('are passed over for one that does', async () => {
    const proxy = await startTcpProxy('127.0.0.1', portOf())
    proxy.refuse = true
    const servers = [1, 2, 3].map(() => `127.0.0.1:${proxy.port}`)
    const zooKeeper = await connectZooKeeper([...servers, server.servers].join(','))
    expect(await zooKeeper.exists('/')).toBe(true)
    await zooKeeper.close()
    await expect(connectZooKeeper(servers.join(','))).rejects.toMatchObject({
      code: 'zookeeper-unreachable',
      retryable: true,
    })
    proxy.close()
  })
})
