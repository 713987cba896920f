import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { SendSms } from '../channels/sms.ts'

/** Milliseconds, below the 30 seconds of a queue-fed function with the SDK's own retries counted. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 6_000,
  throwOnRequestTimeout: true,
}

/** SNS errors that speak of this number or text (SNS API reference, Publish). Others may pass. */
const ofThisText = new Set([
  'InvalidParameterException',
  'InvalidParameterValueException',
  'ValidationException',
])

/**
 * Texts over SNS. Its reasons are the names of SNS's errors, since the texts repeat numbers.
 *
 * @param senderId who the text is from, where a country allows a name: up to 11 letters and digits
 */
export function createSns(
  senderId: string | undefined,
  client = new SNSClient({ requestHandler }),
): SendSms {
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value })
  const MessageAttributes = {
    // Delivered as reliably as possible, rather than as cheaply.
    'AWS.SNS.SMS.SMSType': attribute('Transactional'),
    ...(senderId !== undefined && { 'AWS.SNS.SMS.SenderID': attribute(senderId) }),
  }
  return async (PhoneNumber, Message) => {
    try {
      const command = new PublishCommand({ PhoneNumber, Message, MessageAttributes })
      const { MessageId } = await client.send(command)
      return { outcome: 'sent', ...(MessageId !== undefined && { providerId: MessageId }) }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error'
      const reason = `SNS ${name}`
      if (name === 'OptedOutException') return { outcome: 'gone', reason }
      return { outcome: ofThisText.has(name) ? 'permanent' : 'transient', reason }
    }
  }
}
