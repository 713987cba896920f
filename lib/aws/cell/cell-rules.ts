import { type EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { type EventType, isEventType } from '../../events/catalogue.ts'
import { sourcePrefix, tenantOfSource } from '../../events/source.ts'
import type { EnabledType } from '../../operations/cell-view.ts'
import { parseJson } from '../../parse.ts'
import { cellPrefix } from '../../tenants/names.ts'
import { listRules } from './list-rules.ts'

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

/** A rule for each tenant and type, as lib/tenants/template/event-type.ts writes it. */
const pattern = z.object({
  source: z.tuple([z.string().startsWith(sourcePrefix)]),
  'detail-type': z.tuple([z.string().refine(isEventType)]),
})

/** What is deployed on a cell's bus. Other rules, such as those of tenants' own functions, are left out. */
export async function enabledTypes(
  client: EventBridgeClient,
  cell: string,
): Promise<EnabledType[]> {
  const rules = await listRules(client, cellPrefix(cell))
  return rules.flatMap(({ Name, EventPattern = '' }) => {
    const { data } = pattern.safeParse(parseJson(EventPattern))
    const type = data?.['detail-type'][0] as EventType | undefined
    if (!data || !type || !Name?.startsWith(type)) return []
    const tenant = tenantOfSource(data.source[0])
    return tenant === undefined ? [] : [{ tenant, type }]
  })
}
