import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it, jest } from '@jest/globals'
import { createOwnSettings } from '../../../../lib/aws/tables/own-settings.ts'

it("a person's settings are read as they were last written, and so is when links were revoked", async () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  const send = jest.spyOn(client, 'send').mockImplementation(async () => ({}))
  await createOwnSettings('table', client).read('acme', 'ivanov')
  const inputs = send.mock.calls.map(([command]) => command.input)
  expect(inputs).toHaveLength(3)
  for (const input of inputs) expect(input).toMatchObject({ ConsistentRead: true })
})
