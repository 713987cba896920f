import type { Operation } from './connection.ts'
import type { JuteReader } from './jute.ts'

/** A node's content and its version, which counts how often it was set. */
export interface NodeData {
  readonly data: Buffer
  readonly version: number
}

/** `persistent` stays, `ephemeral` ends with the session, `container` after its last child. */
export type NodeMode = 'persistent' | 'ephemeral' | 'container'

/** Source: org.apache.zookeeper.CreateMode and ZooDefs.OpCode */
const creation = {
  persistent: { type: 1, flags: 0 },
  ephemeral: { type: 1, flags: 1 },
  container: { type: 19, flags: 4 },
} as const

/** OPEN_ACL_UNSAFE, as on ECOS's own nodes: all permissions for anyone. */
const allPermissions = 31

export function create(path: string, data: Uint8Array, mode: NodeMode): Operation<void> {
  const { type, flags } = creation[mode]
  return {
    type,
    path,
    write: (to) =>
      to.text(path).buffer(data).int(1).int(allPermissions).text('world').text('anyone').int(flags),
    read: () => undefined,
  }
}

/** Deletes any version (-1). */
export function remove(path: string): Operation<void> {
  return { type: 2, path, write: (to) => to.text(path).int(-1), read: () => undefined }
}

export function exists(path: string): Operation<void> {
  return { type: 3, path, write: (to) => to.text(path).bool(false), read: () => undefined }
}

export function getData(path: string): Operation<NodeData> {
  return {
    type: 4,
    path,
    write: (to) => to.text(path).bool(false),
    read: (from) => ({ data: from.buffer(), version: versionOf(from) }),
  }
}

export function setData(path: string, data: Uint8Array, version: number): Operation<void> {
  return {
    type: 5,
    path,
    write: (to) => to.text(path).buffer(data).int(version),
    read: () => undefined,
  }
}

export function getChildren(path: string): Operation<string[]> {
  return {
    type: 8,
    path,
    write: (to) => to.text(path).bool(false),
    read: (from) => from.list((item) => item.text()),
  }
}

/** Reads `version` of a Stat: four longs (czxid, mzxid, ctime, mtime) precede it. */
function versionOf(from: JuteReader): number {
  for (let skipped = 0; skipped < 4; skipped += 1) from.long()
  return from.int()
}
