import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { cellPrefix } from '../../tenants/names.ts'
import { countQueues, type QueueCount } from './cell-queues.ts'
import { type DeployedRule, deployedCells, deployedRules } from './cell-rules.ts'
import { type EventTap, tapBus } from './event-tap.ts'

/** The cells that are deployed in an account and region, seen from outside. */
export interface Cells {
  deployed(): Promise<string[]>
  rules(cell: string): Promise<DeployedRule[]>
  queues(cell: string): Promise<QueueCount[]>
  tap(cell: string): Promise<EventTap>
}

/** Milliseconds: who watches is to be told soon that there is no answer. */
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
    rules: (cell) => deployedRules(eventBridge, cell),
    queues: (cell) => countQueues(sqs, `${cellPrefix(cell)}-`),
    tap: (cell) => tapBus({ eventBridge, sqs }, cell),
  }
}
