import { expect, it } from '@jest/globals'
import { deploy } from '../../local/deploy.ts'
import { journey, quietContext } from '../support/journey.ts'
import { storyOf } from '../support/notifications.ts'
import { resting } from '../support/resting.ts'
import { runningStack, taskMessage } from '../support/stack.ts'

const { amqpUrl, cloud } = runningStack()
const seconds = 1000

it(
  'lets a notification that can not be delivered rest after its tries, with its state and reason',
  async () => {
    const closed = 'smtp://127.0.0.1:9'
    const cell = {
      cell: 'no-mail',
      tenantsFile: 'test/fixtures/tenants.yml',
      amqpUrl,
      smtpUrl: closed,
    }
    const awsEndpoint = process.env['AWS_ENDPOINT_URL'] ?? ''
    const outputs = await deploy(cloud, { ...cell, awsEndpoint }, quietContext)
    const message = taskMessage('no-mail', {
      taskTitle: 'Undelivered',
      taskPooledUsers: ['petrov'],
    })
    const { events, totals } = await journey([message], outputs)
    expect(totals).toMatchObject({ bridged: 1, notifications: 1, delivered: 0, lost: 0 })
    expect(events[0]?.notifications).toMatchObject([
      { username: 'petrov', channel: 'email', state: 'ERROR' },
    ])
    const letters = await resting(outputs['EmailDlqUrl'])
    expect(letters).toHaveLength(1)
    expect(letters[0]?.MessageAttributes).toMatchObject({
      ECOS_ERROR_CODE: { StringValue: 'delivery-failed' },
    })
    const { tenant, type: eventType, eventId } = message
    const record = (await storyOf({ tenant, eventType, eventId }, outputs)).at(-1)
    expect(record).toMatchObject({
      state: 'ERROR',
      // By the moment at which nodemailer learns that nobody is there.
      reason: expect.stringMatching(/^(ECONNECTION|ESOCKET)$/),
      attempts: 10,
    })
    expect(record?.['deliveries']).toHaveLength(10)
  },
  300 * seconds,
)
