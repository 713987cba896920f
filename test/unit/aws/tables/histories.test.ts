import type { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { createHistories } from '../../../../lib/aws/tables/histories.ts'

/** The history of an event's letter with these entries of the table. */
function historyWith(entries: Readonly<Record<string, object>>) {
  const send = async ({ input }: GetCommand) => ({ Item: entries[String(input.Key?.['entry'])] })
  const client = { send } as unknown as DynamoDBDocumentClient
  const letter = { tenant: 'acme', type: 'task.create', eventId: 'e#1', kind: 'event' } as const
  const rest = { queue: 'q', messageId: 'm', sentAt: new Date(0), body: '' }
  return createHistories('table', client)({ ...letter, ...rest })
}

const failure = { code: 'crash', reason: 'x', tries: 5, at: '2026-11-28T10:00:00.000Z' }

it('a letter has its failure', async () => {
  const before = { state: 'HANDLED', handledAt: '2026-11-28T09:00:00.000Z' }
  expect(await historyWith({ failure, event: before })).toEqual({
    reason: 'crash: x',
    tries: 5,
    lastAt: failure.at,
  })
})

it.each([[{ failure }], [{}]])(
  'a letter whose event another copy brought to its end is not told as dead',
  async (entries) => {
    const event = { state: 'HANDLED', handledAt: '2026-11-28T10:00:30.000Z' }
    expect(await historyWith({ ...entries, event })).toEqual({
      state: 'HANDLED',
      lastAt: event.handledAt,
      reason: 'handled since by another copy: purge this one',
    })
  },
)
