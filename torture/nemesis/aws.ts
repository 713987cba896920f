import type { Random } from '../plan/random.ts'
import { errorAnswer } from '../world/aws-errors.ts'
import type { AwsCall, Interfere, Interference } from '../world/aws-link.ts'
import type { Allowance, Fault } from './fault.ts'

/** Faults of AWS, by service: each call meets them with a chance. */

const all = ['EventBridge', 'SQS', 'DynamoDB', 'S3', 'SNS'] as const
type Service = AwsCall['service']

interface AwsFault {
  readonly name: string
  readonly services: readonly Service[]
  readonly allows: readonly Allowance[]
  meet(call: AwsCall, random: Random): Interference | undefined
}

const throttled: Readonly<Partial<Record<Service, string>>> = {
  EventBridge: 'ThrottlingException',
  SQS: 'RequestThrottled',
  DynamoDB: 'ProvisionedThroughputExceededException',
}

/** What a service that may have done as it was asked, and did not say so, does to an event. */
const unanswered: Readonly<Record<(typeof all)[number], readonly Allowance[]>> = {
  EventBridge: ['twice-on-bus'],
  SQS: ['twice-set-aside'],
  DynamoDB: ['twice-delivered', 'uncertain'],
  S3: [],
  SNS: ['uncertain'],
}

/** Of a delivery whose outcome the table does not take, nobody knows how it ended. */
const unrecorded = (service: Service) => (service === 'DynamoDB' ? unanswered.DynamoDB : [])

const faults: readonly AwsFault[] = [
  ...(['EventBridge', 'SQS', 'DynamoDB'] as const).map((service) => ({
    name: `${service.toLowerCase()}-throttles`,
    services: [service],
    allows: unrecorded(service),
    meet: () => errorAnswer(service, 400, throttled[service] ?? ''),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-fails`,
    services: [service],
    allows: unrecorded(service),
    meet: () => errorAnswer(service, 503, 'ServiceUnavailable'),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-hangs`,
    services: [service],
    allows: unanswered[service],
    meet: (): Interference => ({ kind: 'hang' }),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-loses-answers`,
    services: [service],
    allows: unanswered[service],
    meet: (): Interference => ({ kind: 'lose-answer' }),
  })),
  {
    name: 'aws-slow',
    services: all,
    allows: Object.values(unanswered).flat(),
    meet: (_, random) => ({ kind: 'delay', ms: random.int(200, 1_500) }),
  },
]

/** How many of the calls meet a fault. */
const shares = [0.4, 0.8, 1]

function faultOf({ name, services, allows, meet }: AwsFault): Fault {
  return {
    name,
    allows,
    start({ awsLink }, random) {
      const share = random.pick(shares)
      const interfere: Interfere = (call) =>
        services.includes(call.service) && random.chance(share) ? meet(call, random) : undefined
      awsLink.faults.add(interfere)
      return () => void awsLink.faults.delete(interfere)
    },
  }
}

export const aws: readonly Fault[] = faults.map(faultOf)
