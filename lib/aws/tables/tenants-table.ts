import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { EcosError } from '../../errors.ts'
import type { ReadTenants } from '../../tenants/current-tenants.ts'
import { parsePublished } from '../../tenants/published.ts'
import { type TenantsChange, tenantsChange } from '../../tenants/tenants-change.ts'
import { conditionHeld } from './conditional-write.ts'
import { type ClientConfig, createDynamoDb } from './dynamodb.ts'

type Item = Record<string, unknown>

/** The applied tenants of a cell: a text of any size, replaced as a whole. */
export interface TenantsTable {
  /**
   * @returns undefined if nothing has been applied; `unchanged` if it is still that version; no text if a part of
   *   it is missing or damaged
   * @throws EcosError `not-deployed` if there is no such table
   */
  read(
    known?: string,
  ): Promise<undefined | 'unchanged' | { version: string; text: string | undefined }>
  /**
   * @param before the version that the text replaces; undefined if there is none
   * @param change a line for the history
   * @returns the new version
   * @throws EcosError `tenants-changed` if somebody else has replaced it since
   */
  write(text: string, before: string | undefined, change?: TenantsChange): Promise<string>
  /** When the tenants were changed, the latest first; of the last 50 times. */
  history(): Promise<TenantsChange[]>
}

/** Bytes of a part: an item has at most 400 kB (service quota). */
const maxPartBytes = 350_000

/** Seconds for which a replaced version is kept, for readers and for a look back. */
const replacedSeconds = 30 * 86_400

/** Lines of the history that are kept. */
const maxChanges = 50

/**
 * The item `current` names the version and its parts, which are items of their own and never change. So a
 * look costs one small read, and a version is there whole or not at all.
 */
export function createTenantsTable(
  TableName: string,
  client: DynamoDBDocumentClient,
): TenantsTable {
  return {
    async read(known) {
      const current = await item('current')
      if (current?.['version'] === undefined) return undefined
      const version = String(current['version'])
      if (version === known) return 'unchanged'
      return { version, text: await textOf(await Promise.all(partsOf(current).map(item))) }
    },

    async history() {
      return changesOf(await item('current'))
    },

    async write(text, before, change) {
      const bytes = await promisify(gzip)(text)
      const id = randomUUID()
      const parts: string[] = []
      for (let from = 0; from < bytes.length; from += maxPartBytes) {
        const part = `part#${id}#${parts.length}`
        const Item = { item: part, bytes: bytes.subarray(from, from + maxPartBytes) }
        await client.send(new PutCommand({ TableName, Item }))
        parts.push(part)
      }
      // A damaged version may not be a number.
      const version = String((Number(before) || 0) + 1)
      const replaced = await item('current')
      const changes = [...(change ? [change] : []), ...changesOf(replaced)].slice(0, maxChanges)
      const writing = client.send(
        new PutCommand({
          TableName,
          Item: { item: 'current', version, parts, changes },
          ConditionExpression:
            before === undefined ? 'attribute_not_exists(version)' : 'version = :before',
          ...(before !== undefined && { ExpressionAttributeValues: { ':before': before } }),
        }),
      )
      if (!(await conditionHeld(writing))) {
        // A first attempt whose answer was lost may have written it.
        const now = await item('current')
        if (String(now?.['parts']) === String(parts)) return settle()
        await expire(parts)
        throw new EcosError(
          'tenants-changed',
          `Somebody else has applied tenants to ${TableName} meanwhile: look at the plan again`,
        )
      }
      return settle()

      async function settle(): Promise<string> {
        await expire(partsOf(replaced))
        return version
      }
    },
  }

  async function item(name: string): Promise<Item | undefined> {
    const command = new GetCommand({ TableName, Key: { item: name }, ConsistentRead: true })
    try {
      return (await client.send(command)).Item
    } catch (cause) {
      if (!(cause instanceof ResourceNotFoundException)) throw cause
      const problem = `There is no table ${TableName}: deploy the cell, or correct --cell or AWS_REGION`
      throw new EcosError('not-deployed', problem, { cause })
    }
  }

  /** Marks parts that no version names any more; the table's TTL deletes them. */
  async function expire(parts: readonly string[]): Promise<void> {
    const expiresAt = Math.floor(Date.now() / 1000) + replacedSeconds
    for (const name of parts) {
      const update = new UpdateCommand({
        TableName,
        Key: { item: name },
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ConditionExpression: 'attribute_exists(bytes)',
        ExpressionAttributeValues: { ':expiresAt': expiresAt },
      })
      await conditionHeld(client.send(update))
    }
  }
}

/** The names of the parts; none of a damaged item, whose text can't be read then. */
function partsOf(current: Item | undefined): string[] {
  const parts: unknown = current?.['parts']
  return Array.isArray(parts) ? parts : []
}

/** A damaged history has no lines. */
function changesOf(current: Item | undefined): TenantsChange[] {
  return tenantsChange.array().safeParse(current?.['changes']).data ?? []
}

/** @returns undefined if a part is missing or damaged */
async function textOf(parts: readonly (Item | undefined)[]): Promise<string | undefined> {
  try {
    const bytes = parts.map((part) => part?.['bytes'] as Uint8Array)
    return (await promisify(gunzip)(Buffer.concat(bytes))).toString()
  } catch {
    return undefined
  }
}

/** The table of a command or a deployment, which brings its own account. */
export function openTenantsTable(name: string, config?: ClientConfig): TenantsTable {
  return createTenantsTable(name, createDynamoDb(config))
}

/**
 * Reads the applied tenants.
 *
 * @throws (the function) EcosError `tenants-unreadable` if nothing has been applied, or a part of it is missing;
 *   `invalid-tenants`
 */
export function appliedTenants(table: TenantsTable, name: string): ReadTenants {
  return async (known) => {
    const answer = await table.read(known)
    if (answer === 'unchanged') return answer
    if (answer?.text !== undefined) {
      return { version: answer.version, ...parsePublished(answer.text).of }
    }
    const problem = answer
      ? `A part of version ${answer.version} of the tenants in ${name} is missing or damaged`
      : `No tenants are applied in ${name} yet`
    throw new EcosError(
      'tenants-unreadable',
      `${problem}: run "ecos-eventbridge tenants apply" for this cell`,
    )
  }
}
