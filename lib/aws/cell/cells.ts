import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { Cells } from '../../operations/cell-view.ts'
import { cellPrefix } from '../../tenants/names.ts'
import { createClient } from '../client.ts'
import { countQueues } from './cell-queues.ts'
import { deployedCells, enabledTypes } from './cell-rules.ts'
import { tapBus } from './event-tap.ts'

export function createCells(): Cells {
  const eventBridge = createClient(EventBridgeClient)
  const sqs = createClient(SQSClient)
  return {
    deployed: () => deployedCells(eventBridge),
    enabledTypes: (cell) => enabledTypes(eventBridge, cell),
    queues: (cell) => countQueues(sqs, `${cellPrefix(cell)}-`),
    tap: (cell) => tapBus({ eventBridge, sqs }, cellPrefix(cell)),
  }
}
