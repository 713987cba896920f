import type { EventBridgeClient, ListRulesCommand, Rule } from '@aws-sdk/client-eventbridge'
import { expect, it } from '@jest/globals'
import { listRules } from '../../../../lib/aws/cell/list-rules.ts'

it('finds a rule that another one, removed meanwhile, moved to a page that was read already', async () => {
  const rules: Rule[] = ['a', 'b', 'c', 'd'].map((Name) => ({ Name }))
  let calls = 0
  const client = {
    async send({ input }: ListRulesCommand) {
      const from = Number(input.NextToken ?? 0)
      const page = { Rules: rules.slice(from, from + 2) }
      const next = from + 2 < rules.length ? { NextToken: String(from + 2) } : {}
      calls += 1
      // A replay's rule, say, after the first page.
      if (calls === 1) rules.shift()
      return { ...page, ...next }
    },
  } as unknown as EventBridgeClient
  const names = (await listRules(client, 'bus')).map(({ Name }) => Name)
  expect(names.sort()).toEqual(expect.arrayContaining(['b', 'c', 'd']))
})
