import { type EventBridgeClient, ListRulesCommand, type Rule } from '@aws-sdk/client-eventbridge'

/**
 * Every rule of a bus. The SDK has no paginator for them. Where they take several pages they are read twice: a rule
 * that is removed meanwhile, such as a replay's, may move another one to a page that was read already.
 */
export async function listRules(
  client: EventBridgeClient,
  EventBusName: string,
): Promise<readonly Rule[]> {
  const pages = await readPages(client, EventBusName)
  if (pages.length < 2) return pages.flat()
  const again = await readPages(client, EventBusName)
  return [...new Map([...pages, ...again].flat().map((rule) => [rule.Name, rule])).values()]
}

async function readPages(client: EventBridgeClient, EventBusName: string): Promise<Rule[][]> {
  const pages: Rule[][] = []
  let NextToken: string | undefined
  do {
    const page = { EventBusName, ...(NextToken && { NextToken }) }
    const answer = await client.send(new ListRulesCommand(page))
    pages.push(answer.Rules ?? [])
    NextToken = answer.NextToken
  } while (NextToken)
  return pages
}
