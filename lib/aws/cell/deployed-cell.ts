import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { EcosError, messageOf } from '../../errors.ts'
import type { DeployedCell } from '../../operations/doctor/cell.ts'
import type { DeployedRule } from '../../operations/doctor/rules.ts'
import { createClient } from '../client.ts'
import type { ClientConfig } from '../tables/dynamodb.ts'
import { listRules } from './list-rules.ts'
import { queueUrls } from './queue-urls.ts'
import { readQuotas } from './quotas.ts'

/** Reads the account and region of the environment; changes nothing. */
export function createDeployedCell(): DeployedCell {
  const events = createClient(EventBridgeClient)
  const sqs = createClient(SQSClient)
  return {
    async identity() {
      const { Arn } = await ask('sts:GetCallerIdentity', () =>
        createClient(STSClient).send(new GetCallerIdentityCommand()),
      )
      return String(Arn)
    },
    async checkBus(Name) {
      await ask('events:DescribeEventBus', () => events.send(new DescribeEventBusCommand({ Name })))
    },
    rules: (busName) => rulesOn(busName, events),
    queues: (prefix) =>
      ask('sqs:ListQueues', async () => [...(await queueUrls(sqs, prefix)).keys()]),
    quotas: () => ask('servicequotas:ListServiceQuotas', () => readQuotas()),
    async checkTable(TableName) {
      await ask('dynamodb:DescribeTable', () =>
        createClient(DynamoDBClient).send(new DescribeTableCommand({ TableName })),
      )
    },
  }
}

/**
 * The rules of a bus.
 *
 * @param config the account and region, by default those of the environment
 * @throws EcosError `access-denied`, `not-deployed`, `aws-failed`
 */
export function readRules(busName: string, config: ClientConfig): Promise<DeployedRule[]> {
  return rulesOn(busName, createClient(EventBridgeClient, {}, { ...config }))
}

async function rulesOn(busName: string, client: EventBridgeClient): Promise<DeployedRule[]> {
  const rules = await ask('events:ListRules', () => listRules(client, busName))
  return rules.map(({ Name = '', State, EventPattern = '{}' }) => {
    return { name: Name, enabled: State === 'ENABLED', pattern: EventPattern }
  })
}

/** @throws EcosError `access-denied`, `not-deployed`, `aws-failed`: each says what to do */
async function ask<Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    if (/^AccessDenied|^UnauthorizedOperation/.test(name)) {
      throw new EcosError('access-denied', `${action} is denied: allow it for this identity`, {
        cause,
      })
    }
    if (name.startsWith('ResourceNotFound')) {
      const problem = `${action} found no such resource: deploy the cell, or set AWS_REGION`
      throw new EcosError('not-deployed', problem, { cause })
    }
    throw new EcosError('aws-failed', `${action} failed: ${messageOf(cause)}`, { cause })
  }
}
