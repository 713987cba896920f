import { isDeepStrictEqual } from 'node:util'
import type { Interests } from '../../events/interest.ts'
import type { ZooKeeper } from '../../zookeeper/zookeeper.ts'
import { registryRoot, targetKey, typeNode } from './keys.ts'
import { decodeNode, encodeNode, type TargetNode, targetNodeOf } from './target-node.ts'

/** The ZooKeeper operations that the registry needs. */
export type Nodes = Pick<ZooKeeper, 'create' | 'delete' | 'getChildren' | 'getData' | 'setData'>

/** Numbers of nodes. */
export interface Changes {
  readonly written: number
  readonly deleted: number
}

/**
 * Makes the target's nodes match the interests. Nodes that match already are not written, because every
 * write makes the sources read them again. The nodes are persistent, as for every exclusive target, so
 * that the queue collects events while no bridge runs.
 *
 * @throws EcosError `bad-version` or `node-exists` on a concurrent change
 */
export async function register(
  nodes: Nodes,
  target: string,
  interests: Interests,
): Promise<Changes> {
  let written = 0
  for (const [type, interest] of Object.entries(interests)) {
    const path = nodeOf(type, target)
    if (await write(nodes, path, targetNodeOf(type, interest))) written += 1
  }
  const wanted = new Set(Object.keys(interests).map((type) => nodeOf(type, target)))
  let deleted = 0
  for (const name of await nodes.getChildren(registryRoot)) {
    const path = `${registryRoot}/${name}/${targetKey(target)}`
    if (!wanted.has(path) && (await nodes.delete(path))) deleted += 1
  }
  return { written, deleted }
}

/** Deletes all nodes of the target, which stops the sources from sending it events. */
export async function withdraw(nodes: Nodes, target: string): Promise<Changes> {
  return register(nodes, target, {})
}

function nodeOf(type: string, target: string): string {
  return `${typeNode(type)}/${targetKey(target)}`
}

/** @returns false when the node already matches */
async function write(nodes: Nodes, path: string, target: TargetNode): Promise<boolean> {
  const now = new Date().toISOString()
  const current = await nodes.getData(path)
  if (current === undefined) {
    await nodes.create(path, encodeNode(target, now, now), 'persistent')
    return true
  }
  const existing = decodeNode(current.data)
  if (isDeepStrictEqual(existing?.target, target)) return false
  const content = encodeNode(target, existing?.created ?? now, now)
  await nodes.setData(path, content, current.version)
  return true
}
