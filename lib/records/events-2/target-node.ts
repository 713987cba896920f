import * as z from 'zod'
import type { Interest } from '../../events/interest.ts'
import { late } from '../../late.ts'
import { parseJson } from '../../parse.ts'
import { wantedAttributes } from './attributes.ts'

/** A target's node in ZooKeeper: what it wants of one event type. */
export interface TargetNode {
  readonly attributes: readonly string[]
  /** A predicate in JSON; `{}` matches everything. */
  readonly filter: unknown
  readonly transactional: boolean
}

export function targetNodeOf(type: string, interest: Interest): TargetNode {
  return {
    attributes: wantedAttributes(type, interest),
    filter: interest.filter ?? {},
    // A transactional source would call us over HTTP and wait instead of sending a message.
    transactional: false,
  }
}

/**
 * Encodes a node for two kinds of readers. ECOS's Java services (EcosZooKeeper, in the form called legacy,
 * which all versions read) expect `data` with a list of attributes; the description of events 2.0 has the
 * fields at the top, with attributes by alias. Each ignores the other's fields. The content must begin
 * with `{"`, by which the Java services recognise JSON.
 *
 * @param created ISO 8601, as `modified` is
 */
export function encodeNode(target: TargetNode, created: string, modified: string): Buffer {
  const aliases = Object.fromEntries(target.attributes.map((path) => [path, path]))
  const node = { created, modified, data: target, ...target, attributes: aliases }
  return Buffer.from(JSON.stringify(node))
}

const attributes = late(() =>
  z.union([
    z.array(z.string()),
    z.record(z.string(), z.string()).transform((aliases) => Object.values(aliases)),
  ]),
)
const fields = late(() =>
  z.object({
    attributes: attributes.transform((paths) => [...new Set(paths)].sort()),
    filter: z.unknown().default({}),
    transactional: z.boolean().default(false),
  }),
)
const nodeContent = late(() =>
  z.union([
    z.object({ created: z.string().optional(), data: fields }),
    fields.transform((data) => ({ data, created: undefined })),
  ]),
)

/** Reads both forms; undefined for anything else. */
export function decodeNode(
  content: Uint8Array,
): { created: string | undefined; target: TargetNode } | undefined {
  const parsed = nodeContent.safeParse(parseJson(Buffer.from(content).toString('utf8')))
  return parsed.success ? { created: parsed.data.created, target: parsed.data.data } : undefined
}
