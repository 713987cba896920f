import { isDeepStrictEqual } from 'node:util'
import type { Interests } from '../../events/interest.ts'
import type { ZooKeeper } from '../../zookeeper/zookeeper.ts'
import { registryRoot, targetKey, typeNode } from './keys.ts'
import { decodeNode, encodeNode, type Registration, registrationOf } from './target-node.ts'

/** What of ZooKeeper the registry needs. */
export type Nodes = Pick<ZooKeeper, 'create' | 'delete' | 'getChildren' | 'getData' | 'setData'>

/** How many nodes were written and deleted. */
export interface Changes {
  readonly written: number
  readonly deleted: number
}

/**
 * Makes the target's nodes what the interests say, and leaves alone what is so already: every write
 * has the sources read anew. The nodes are persistent, as those of all exclusive targets are: while
 * no bridge runs, its queue goes on to gather events.
 *
 * @throws EcosError `bad-version` or `node-exists` when another does the same at the same time
 */
export async function register(
  nodes: Nodes,
  target: string,
  interests: Interests,
): Promise<Changes> {
  let written = 0
  for (const [type, interest] of Object.entries(interests)) {
    const path = nodeOf(type, target)
    if (await write(nodes, path, registrationOf(type, interest))) written += 1
  }
  const wanted = new Set(Object.keys(interests).map((type) => nodeOf(type, target)))
  let deleted = 0
  for (const name of await nodes.getChildren(registryRoot)) {
    const path = `${registryRoot}/${name}/${targetKey(target)}`
    if (!wanted.has(path) && (await nodes.delete(path))) deleted += 1
  }
  return { written, deleted }
}

/** Deletes all nodes of the target: no source sends it events any more. */
export async function withdraw(nodes: Nodes, target: string): Promise<Changes> {
  return register(nodes, target, {})
}

function nodeOf(type: string, target: string): string {
  return `${typeNode(type)}/${targetKey(target)}`
}

/** Whether there was something to write. */
async function write(nodes: Nodes, path: string, registration: Registration): Promise<boolean> {
  const now = new Date().toISOString()
  const current = await nodes.getData(path)
  if (current === undefined) {
    await nodes.create(path, encodeNode(registration, now, now), 'persistent')
    return true
  }
  const there = decodeNode(current.data)
  if (isDeepStrictEqual(there?.registration, registration)) return false
  const content = encodeNode(registration, there?.created ?? now, now)
  await nodes.setData(path, content, current.version)
  return true
}
