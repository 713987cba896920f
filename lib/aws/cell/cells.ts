import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { Cells } from '../../operations/cell-view.ts'
import { cellPrefix } from '../../tenants/names.ts'
import { countQueues } from './cell-queues.ts'
import { deployedCells, enabledTypes } from './cell-rules.ts'
import { tapBus } from './event-tap.ts'

/** Milliseconds: the console asks every two seconds and shows soon that AWS does not answer. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
}

export function createCells(): Cells {
  const eventBridge = new EventBridgeClient({ requestHandler })
  const sqs = new SQSClient({ requestHandler })
  return {
    deployed: () => deployedCells(eventBridge),
    enabledTypes: (cell) => enabledTypes(eventBridge, cell),
    queues: (cell) => countQueues(sqs, `${cellPrefix(cell)}-`),
    tap: (cell) => tapBus({ eventBridge, sqs }, cellPrefix(cell)),
  }
}
