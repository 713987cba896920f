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
import type { Archive, Replays } from '../../operations/replay.ts'
import { archiveName } from '../../tenants/names.ts'
import { createClient } from '../client.ts'
import { addReplayRules, removeReplayRules, replaysWithRules } from './replay-rules.ts'

/** @throws EcosError `no-archive` */
export async function readArchive(
  cell: string,
  client = createClient(EventBridgeClient),
): Promise<Archive> {
  try {
    const { ArchiveArn = '', EventSourceArn = '' } = await client.send(
      new DescribeArchiveCommand({ ArchiveName: archiveName(cell) }),
    )
    return { arn: ArchiveArn, busArn: EventSourceArn }
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

export function createReplays(cell: string, client = createClient(EventBridgeClient)): Replays {
  return {
    addRules: (plan) => addReplayRules(client, cell, plan.archive.busArn, plan),
    removeRules: (name) => removeReplayRules(client, cell, name),
    withRules: () => replaysWithRules(client, cell),

    async start({ name, archive, tenant, types, from, to }, ruleArns) {
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
      try {
        const answer = await client.send(new DescribeReplayCommand({ ReplayName: name }))
        const { State = 'RUNNING', StateReason, EventLastReplayedTime, ReplayEndTime } = answer
        return {
          state: State,
          ...(StateReason && { reason: StateReason }),
          ...(EventLastReplayedTime && { lastReplayed: EventLastReplayedTime }),
          ...(ReplayEndTime && { endedAt: ReplayEndTime }),
        }
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined
        throw error
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
