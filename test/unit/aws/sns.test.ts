import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from '@jest/globals'
import { createSns } from '../../../lib/aws/sns.ts'

const number = '+79991234567'

/** SNS that does so with each text. */
function snsThat(send: (command: PublishCommand) => Promise<object>, senderId?: string) {
  return createSns(senderId, { send } as unknown as SNSClient)
}

describe('SNS', () => {
  it('is given the number, the text and the sender', async () => {
    const given: PublishCommand['input'][] = []
    const send = snsThat(async ({ input }) => {
      given.push(input)
      return { MessageId: 'sns-1' }
    }, 'ECOS')
    expect(await send(number, 'text')).toEqual({ outcome: 'sent', providerId: 'sns-1' })
    expect(given).toEqual([
      {
        PhoneNumber: number,
        Message: 'text',
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
          'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'ECOS' },
        },
      },
    ])
  })

  it.each([
    ['InvalidParameterException', 'permanent'],
    ['InvalidParameterValueException', 'permanent'],
    ['ValidationException', 'permanent'],
    ['ThrottledException', 'transient'],
    ['InternalErrorException', 'transient'],
    ['AuthorizationErrorException', 'transient'],
    ['TimeoutError', 'unknown'],
    ['CredentialsProviderError', 'transient'],
  ])('that answers %s is %s, and the number is not told', async (name, outcome) => {
    const send = snsThat(async () => {
      throw Object.assign(new Error(`${number}: ${name}`), { name })
    })
    expect(await send(number, 'text')).toEqual({ outcome, reason: `SNS ${name}` })
  })
})
