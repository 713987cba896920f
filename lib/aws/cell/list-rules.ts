import { type EventBridgeClient, ListRulesCommand, type Rule } from '@aws-sdk/client-eventbridge'

/** Every rule of a bus. The SDK has no paginator for them. */
export async function listRules(client: EventBridgeClient, EventBusName: string): Promise<Rule[]> {
  const rules: Rule[] = []
  let NextToken: string | undefined
  do {
    const page = { EventBusName, ...(NextToken && { NextToken }) }
    const answer = await client.send(new ListRulesCommand(page))
    rules.push(...(answer.Rules ?? []))
    NextToken = answer.NextToken
  } while (NextToken)
  return rules
}
