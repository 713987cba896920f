import { z } from 'zod'
import type { Interest } from '../../events/interest.ts'
import { parseJson } from '../../parse.ts'
import { wantedAttributes } from './attributes.ts'

/** What a target's node in ZooKeeper says of it, for one event type. */
export interface Registration {
  readonly attributes: readonly string[]
  /** A predicate, as JSON. ECOS writes one that always holds as `{}`. */
  readonly filter: unknown
  readonly transactional: boolean
}

export function registrationOf(type: string, interest: Interest): Registration {
  return {
    attributes: wantedAttributes(type, interest),
    filter: interest.filter ?? {},
    // In a transaction the source would call us over HTTP and wait, rather than send a message.
    transactional: false,
  }
}

/**
 * The node's content, for two kinds of readers at once. ECOS's Java services (EcosZooKeeper, in the
 * form that they call legacy, which all their versions read) take `data`, with the attributes as a
 * list; the description of events 2.0 has the fields at the top, with the attributes by their aliases.
 * Each leaves out what it does not know. It must begin with `{"`: by that the former tells JSON.
 *
 * @param created ISO 8601, as `modified` is
 */
export function encodeNode(registration: Registration, created: string, modified: string): Buffer {
  const aliases = Object.fromEntries(registration.attributes.map((path) => [path, path]))
  const node = { created, modified, data: registration, ...registration, attributes: aliases }
  return Buffer.from(JSON.stringify(node))
}

const attributes = z.union([
  z.array(z.string()),
  z.record(z.string(), z.string()).transform((aliases) => Object.values(aliases)),
])
const fields = z.object({
  attributes: attributes.transform((paths) => [...new Set(paths)].sort()),
  filter: z.unknown().default({}),
  transactional: z.boolean().default(false),
})
const nodeContent = z.union([
  z.object({ created: z.string().optional(), data: fields }),
  fields.transform((data) => ({ data, created: undefined })),
])

/** Reads both forms; undefined for what is neither. */
export function decodeNode(
  content: Uint8Array,
): { created: string | undefined; registration: Registration } | undefined {
  const parsed = nodeContent.safeParse(parseJson(Buffer.from(content).toString('utf8')))
  return parsed.success
    ? { created: parsed.data.created, registration: parsed.data.data }
    : undefined
}
