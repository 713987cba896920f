import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeEventBusCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge'
import { archiveName } from '../../lib/tenants/names.ts'
import type { Cloud } from '../cloud.ts'

/**
 * Archives the bus of the cell, so that `replay` can be tried: the local AWS refuses an archive in a template, and
 * takes one through its API. It replays to every rule of the bus.
 *
 * @param pattern of the events to archive; all of them by default
 * @returns removes the archive
 */
export async function archiveBus(
  { eventBridge }: Cloud,
  busName: string,
  cell: string,
  pattern?: object,
): Promise<() => Promise<void>> {
  const { Arn } = await eventBridge.send(new DescribeEventBusCommand({ Name: busName }))
  const ArchiveName = archiveName(cell)
  const remove = async () => {
    await eventBridge.send(new DeleteArchiveCommand({ ArchiveName })).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error
    })
  }
  // An earlier run that was killed may have left its own in a local AWS that runs on.
  await remove()
  await eventBridge.send(
    new CreateArchiveCommand({
      ...{ ArchiveName, EventSourceArn: Arn, RetentionDays: 1 },
      ...(pattern && { EventPattern: JSON.stringify(pattern) }),
    }),
  )
  return remove
}
