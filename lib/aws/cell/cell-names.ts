import { type EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge'
import { cellPrefix } from '../../tenants/names.ts'

/** The names of the cells that are deployed in the account and region: each has a bus. */
export async function deployedCells(client: EventBridgeClient): Promise<string[]> {
  const NamePrefix = cellPrefix('')
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = { NamePrefix, ...(NextToken && { NextToken }) }
    const answer = await client.send(new ListEventBusesCommand(page))
    names.push(...(answer.EventBuses ?? []).map(({ Name = '' }) => Name))
    NextToken = answer.NextToken
  } while (NextToken)
  return names.map((name) => name.slice(NamePrefix.length)).sort()
}
