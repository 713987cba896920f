import { writeFile } from 'node:fs/promises'
import type { PlannedMessage } from '../plan/message.ts'
import type { World } from '../world/world.ts'
import type { Findings } from './ledger.ts'
import { readItems } from './table.ts'

/** What a failed run was judged by. */
export interface Evidence {
  readonly messages: readonly PlannedMessage[]
  /** As `Producer` has them. */
  readonly copies: ReadonlyMap<string, number>
  readonly returned: ReadonlySet<string>
  readonly findings: Findings
}

/** Writes a file from which the way of each message can be followed: with times, attempts and reasons. */
export async function keepEvidence(
  { stack, mailbox, hooks }: World,
  { messages, copies, returned, findings }: Evidence,
  file: string,
): Promise<void> {
  const { cloud, deployment } = stack
  const items = await readItems(cloud.dynamoDb, deployment['NotificationsTableName'] ?? '')
  const evidence = {
    messages,
    copies: [...copies],
    returned: [...returned],
    ...findings,
    items,
    mails: mailbox.received,
    posts: hooks.received,
  }
  await writeFile(file, JSON.stringify(evidence, undefined, 1))
}
