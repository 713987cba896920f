import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  IllegalStatusException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { EcosError } from '../../errors.ts'
import type { ReplayCell, Replays } from '../../operations/replay.ts'
import { archiveName, cellPrefix } from '../../tenants/names.ts'
import { createClient } from '../client.ts'
import { listRules } from './list-rules.ts'

/** @throws EcosError `no-archive` */
export async function readReplayCell(
  cell: string,
  client = createClient(EventBridgeClient),
): Promise<ReplayCell> {
  try {
    const { ArchiveArn = '', EventSourceArn = '' } = await client.send(
      new DescribeArchiveCommand({ ArchiveName: archiveName(cell) }),
    )
    const archive = { arn: ArchiveArn, busArn: EventSourceArn }
    const rules = await listRules(client, cellPrefix(cell))
    return { archive, rules: new Map(rules.map(({ Name = '', Arn = '' }) => [Name, Arn])) }
  } catch (cause) {
    if (!(cause instanceof ResourceNotFoundException)) throw cause
    throw new EcosError(
      'no-archive',
      `The cell ${cell} has no archive in this account and region: set --cell or AWS_REGION, or deploy ` +
        'it with the parameter archive=true; an archive has no events from before it was made',
      { cause },
    )
  }
}

export function createReplays(client = createClient(EventBridgeClient)): Replays {
  return {
    async start({ name, archive, tenant, types, ruleArns, from, to }) {
      const command = new StartReplayCommand({
        ReplayName: name,
        // 512 characters at most (API reference, StartReplay).
        Description: `${tenant}: ${types.join(', ')}`.slice(0, 512),
        EventSourceArn: archive.arn,
        EventStartTime: from,
        EventEndTime: to,
        Destination: { Arn: archive.busArn, FilterArns: [...ruleArns] },
      })
      try {
        await client.send(command)
      } catch (error) {
        // The name is unique, so this is a retry whose first answer was lost.
        if (!(error instanceof ResourceAlreadyExistsException)) throw error
      }
    },

    async look(name) {
      const answer = await client.send(new DescribeReplayCommand({ ReplayName: name }))
      const { State = 'RUNNING', StateReason, EventLastReplayedTime } = answer
      return {
        state: State,
        ...(StateReason && { reason: StateReason }),
        ...(EventLastReplayedTime && { lastReplayed: EventLastReplayedTime }),
      }
    },

    async cancel(name) {
      try {
        await client.send(new CancelReplayCommand({ ReplayName: name }))
      } catch (error) {
        // It ended in the meantime, which the next look tells.
        if (!(error instanceof IllegalStatusException)) throw error
      }
    },
  }
}
