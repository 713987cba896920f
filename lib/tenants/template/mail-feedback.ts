import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { arn, arnOf, type Part, ref } from './cloudformation.ts'
import { allow, functionRole } from './queue-function.ts'
import type { Settings } from './settings.ts'

const file = 'mail-feedback'
const role = 'MailFeedbackRole'
const target = arnOf('MailFeedbackLambdaFunction')

/** The configuration set of the cell's mails, which names them in SES's events. */
export const mailConfigurationSet = 'MailConfigurationSet'

/**
 * The function that switches off addresses whose mails bounce or whose readers complain. SES tells of them
 * later, as events on the account's default bus; a mail server of your own tells at once.
 */
export function mailFeedbackPart(
  { cell }: CellPlan,
  { emailTransport }: Pick<Settings, 'emailTransport'>,
): Part {
  if (emailTransport !== 'ses') return { functions: {}, resources: {} }
  const prefix = cellPrefix(cell)
  const name = `${prefix}-${file}`
  return {
    functions: {
      MailFeedback: {
        name,
        description: 'Switches off the addresses of mails that bounce or that readers complain of',
        handler: `dist/functions/${file}/index.handler`,
        role,
        timeout: 30,
        memorySize: 256,
        package: { patterns: ['!**', `dist/functions/${file}/**`] },
        environment: { SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable') },
        events: [],
      },
    },
    resources: {
      [role]: functionRole(name, [
        allow(
          ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          arnOf('SubscriptionsTable'),
        ),
      ]),
      [mailConfigurationSet]: {
        Type: 'AWS::SES::ConfigurationSet',
        Properties: { Name: prefix },
      },
      MailEvents: {
        Type: 'AWS::SES::ConfigurationSetEventDestination',
        Properties: {
          ConfigurationSetName: ref(mailConfigurationSet),
          EventDestination: {
            Name: prefix,
            Enabled: true,
            MatchingEventTypes: ['BOUNCE', 'COMPLAINT'],
            // SES publishes to the default bus only.
            EventBridgeDestination: { EventBusArn: arn('events', 'event-bus/default') },
          },
        },
      },
      MailFeedbackRule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: name,
          EventPattern: {
            source: ['aws.ses'],
            'detail-type': ['Email Bounced', 'Email Complaint Received'],
            detail: { mail: { tags: { 'ses:configuration-set': [prefix] } } },
          },
          Targets: [{ Id: file, Arn: target }],
        },
      },
      MailFeedbackPermission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: target,
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: arnOf('MailFeedbackRule'),
        },
      },
    },
  }
}
