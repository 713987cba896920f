import {
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { type EventType, isEventType } from '../../events/catalogue.ts'
import { parseJson } from '../../parse.ts'
import { cellPrefix } from '../../tenants/names.ts'

/** A tenant's event type that is turned on, as the rules of the bus say it. */
export interface DeployedRule {
  readonly tenant: string
  readonly type: EventType
}

/** The cells that are deployed in the account and region: each has a bus. */
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

/** lib/tenants/template/event-type.ts writes it: a rule for each tenant and type. */
const pattern = z.object({
  source: z.tuple([z.string().startsWith('ecos.')]),
  'detail-type': z.tuple([z.string().refine(isEventType)]),
})

/** What is deployed on a cell's bus. Rules of others, such as a tenant's own, are left out. */
export async function deployedRules(
  client: EventBridgeClient,
  cell: string,
): Promise<DeployedRule[]> {
  const rules: DeployedRule[] = []
  let NextToken: string | undefined
  do {
    const page = { EventBusName: cellPrefix(cell), ...(NextToken && { NextToken }) }
    const answer = await client.send(new ListRulesCommand(page))
    for (const { Name, EventPattern = '' } of answer.Rules ?? []) {
      const { data } = pattern.safeParse(parseJson(EventPattern))
      if (!data) continue
      const tenant = data.source[0].slice('ecos.'.length)
      const type = data['detail-type'][0] as EventType
      if (Name?.startsWith(type)) rules.push({ tenant, type })
    }
    NextToken = answer.NextToken
  } while (NextToken)
  return rules
}
