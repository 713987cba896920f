import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { SendSms } from '../channels/sms.ts'
import { createClient, slowBounds } from './client.ts'
import { mayHaveArrived } from './no-answer.ts'

/**
 * SNS errors about this number or text (SNS API reference, Publish). Others are transient. None says that
 * a person has opted out: SNS takes the text, delivers nothing, and tells only its delivery log.
 */
const ofThisText = new Set([
  'InvalidParameterException',
  'InvalidParameterValueException',
  'ValidationException',
])

/**
 * Sends text messages over SNS, each by one call: the SDK would repeat one that had no answer. A failure's reason is the name of SNS's error, since its message repeats
 * the number.
 *
 * @param senderId the sender's name, in countries that allow one: up to 11 letters and digits
 */
export function createSns(
  senderId: string | undefined,
  client = createClient(SNSClient, slowBounds, { maxAttempts: 1 }),
): SendSms {
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value })
  const MessageAttributes = {
    // Reliable delivery, rather than the lowest cost.
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
      if (mayHaveArrived(error)) return { outcome: 'unknown', reason }
      return { outcome: ofThisText.has(name) ? 'permanent' : 'transient', reason }
    }
  }
}
