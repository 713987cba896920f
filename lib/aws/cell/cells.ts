import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { Cells } from '../../operations/cell-view.ts'
import { cellPrefix } from '../../tenants/names.ts'
import { createClient } from '../client.ts'
import { deployedCells } from './cell-names.ts'
import { countQueues } from './cell-queues.ts'
import { tapBus } from './event-tap.ts'

export function createCells(): Cells {
  const eventBridge = createClient(EventBridgeClient)
  const sqs = createClient(SQSClient)
  return {
    deployed: () => deployedCells(eventBridge),
    queues: (cell) => countQueues(sqs, `${cellPrefix(cell)}-`),
    tap: (cell, owner = 'console') => tapBus({ eventBridge, sqs }, cellPrefix(cell), { owner }),
  }
}
