import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTenantsTable } from '../../../../lib/aws/tables/tenants-table.ts'
import { planTenants } from '../../../../lib/operations/apply-tenants.ts'
import { parsePublished } from '../../../../lib/tenants/published.ts'
import { readTenantsFile } from '../../../../lib/tenants/tenants-file.ts'

/** A table that does each call at the moment that the scheduler chooses, and its condition with it. */
function tableOf(scheduler: fc.Scheduler) {
  const items = new Map<string, Record<string, unknown>>()
  const client = {
    send: (command: GetCommand | PutCommand | UpdateCommand) =>
      scheduler.schedule(Promise.resolve()).then(() => done(command)),
  }
  return { table: createTenantsTable('table', client as unknown as DynamoDBDocumentClient), items }

  function done(command: GetCommand | PutCommand | UpdateCommand): object {
    if (command instanceof GetCommand) return { Item: items.get(command.input.Key?.['item']) }
    if (command instanceof UpdateCommand) {
      const item = items.get(command.input.Key?.['item'])
      return Object.assign(item ?? {}, { expiresAt: 1 })
    }
    const { Item = {}, ConditionExpression, ExpressionAttributeValues } = command.input
    const version = items.get('current')?.['version']
    const holds =
      ConditionExpression === undefined || version === ExpressionAttributeValues?.[':before']
    if (!holds) throw new ConditionalCheckFailedException({ message: '', $metadata: {} })
    items.set(Item['item'], Item)
    return {}
  }
}

it('of tenants that are applied at once one version wins, and the others are told', async () => {
  const files = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2 })
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), fc.scheduler(), async (ids, isFirst, scheduler) => {
      const { table, items } = tableOf(scheduler)
      const planOf = (id: string) =>
        planTenants(table, readTenantsFile(`tenants: { ${id}: }`, 'tenants.yml'), 'main')
      const apply = async (id: string) => (await planOf(id)).apply(new Date())
      if (!isFirst) await scheduler.waitFor(apply('before'))
      const plans = await scheduler.waitFor(Promise.all(ids.map(planOf)))
      const ends = await scheduler.waitFor(
        Promise.allSettled(plans.map((plan) => plan.apply(new Date()))),
      )
      const winners = ids.filter((_, at) => ends[at]?.status === 'fulfilled')
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
      expect(winners).toHaveLength(1)
      expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'tenants-changed'))
      const applied = await scheduler.waitFor(table.read())
      const text = typeof applied === 'object' ? String(applied.text) : ''
      expect(parsePublished(text).of.tenants.map(({ id }) => id)).toEqual(winners)
      const history = await scheduler.waitFor(table.history())
      expect(history.map(({ added }) => added.names)).toEqual(
        isFirst ? [winners] : [winners, ['before']],
      )
      // What lost, and what was replaced, expires; what is applied does not.
      const parts = [...items].filter(([name]) => name !== 'current')
      const lasting = parts.filter(([, { expiresAt }]) => expiresAt === undefined)
      expect(lasting.map(([name]) => name)).toEqual(items.get('current')?.['parts'])
    }),
  )
})
