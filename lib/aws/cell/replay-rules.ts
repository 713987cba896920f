import {
  DeleteRuleCommand,
  type EventBridgeClient,
  LimitExceededException,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge'
import { EcosError } from '../../errors.ts'
import type { EventType } from '../../events/catalogue.ts'
import { isReplayName } from '../../events/replay-name.ts'
import { cellPrefix, kebab } from '../../tenants/names.ts'
import { replayPattern, ruleName, typeOfRule } from '../../tenants/partition-rules.ts'
import { listRules } from './list-rules.ts'

/** Whose events of which types a replay's rules take. */
export interface RulesOfReplay {
  readonly name: string
  readonly tenant: string
  readonly types: readonly EventType[]
}

const target = 'queue'

/**
 * Adds a rule for each type, which takes the tenant's events of this replay alone.
 *
 * @param busArn names the account and region of the queues
 * @returns the ARNs of the rules
 * @throws EcosError `bus-full`
 */
export async function addReplayRules(
  client: EventBridgeClient,
  cell: string,
  busArn: string,
  { name, tenant, types }: RulesOfReplay,
): Promise<string[]> {
  const EventBusName = cellPrefix(cell)
  const queueArn = (queue: string) =>
    busArn.replace(':events:', ':sqs:').replace(/event-bus\/.*$/, queue)
  const add = async (type: EventType) => {
    const Rule = replayRuleName(type, name)
    const { RuleArn = '' } = await client.send(
      new PutRuleCommand({
        Name: Rule,
        EventBusName,
        EventPattern: JSON.stringify(replayPattern(tenant, type, name)),
        Description: `Takes ${type} of the replay ${name}, which removes this rule when it ends`,
      }),
    )
    const queue = `${EventBusName}-${kebab(type)}`
    const toQueue = {
      Id: target,
      Arn: queueArn(queue),
      // A group of its own: live events don't wait for those of the replay.
      SqsParameters: { MessageGroupId: name },
      DeadLetterConfig: { Arn: queueArn(`${queue}-dlq`) },
    }
    const answer = await client.send(
      new PutTargetsCommand({ Rule, EventBusName, Targets: [toQueue] }),
    )
    if (answer.FailedEntryCount) {
      const problem = answer.FailedEntries?.[0]?.ErrorMessage ?? 'EventBridge gives no reason'
      throw new EcosError('replay-failed', `The rule ${Rule} could not get its target: ${problem}`)
    }
    return RuleArn
  }
  try {
    const arns: string[] = []
    for (const type of types) arns.push(await add(type))
    return arns
  } catch (cause) {
    await removeReplayRules(client, cell, name)
    if (!(cause instanceof LimitExceededException)) throw cause
    throw new EcosError(
      'bus-full',
      `The bus ${EventBusName} takes no more rules, and the replay needs ${types.length}: replay one type ` +
        'at a time, or have the quota of rules raised',
      { cause },
    )
  }
}

/** Removes the rules of a replay; none may be left. */
export async function removeReplayRules(
  client: EventBridgeClient,
  cell: string,
  replay: string,
): Promise<void> {
  const EventBusName = cellPrefix(cell)
  for (const rule of await rulesOfReplays(client, cell)) {
    if (rule.replay !== replay) continue
    const Name = replayRuleName(rule.type, replay)
    try {
      await client.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids: [target] }))
      await client.send(new DeleteRuleCommand({ Name, EventBusName }))
    } catch (error) {
      // Another command has removed it.
      if (!(error instanceof ResourceNotFoundException)) throw error
    }
  }
}

/** The names of the replays that have rules on the bus. */
export async function replaysWithRules(client: EventBridgeClient, cell: string): Promise<string[]> {
  const rules = await rulesOfReplays(client, cell)
  return [...new Set(rules.map(({ replay }) => replay))]
}

async function rulesOfReplays(client: EventBridgeClient, cell: string) {
  const rules = await listRules(client, cellPrefix(cell))
  return rules.flatMap(({ Name = '' }) => {
    const type = typeOfRule(Name)
    const replay = type === undefined ? '' : Name.slice(type.length + 1)
    return type !== undefined && isReplayName(replay) ? [{ type, replay }] : []
  })
}

/** The type's queues take events from rules with such names only. */
function replayRuleName(type: EventType, replay: string): string {
  return ruleName({ type, partition: replay })
}
