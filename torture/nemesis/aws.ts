import type { Random } from '../plan/random.ts'
import type { AwsCall, Interfere, Interference } from '../world/aws-link.ts'
import type { Allowance, Fault } from './fault.ts'

/** Faults of AWS, by service: each call meets them with a chance. */

type Service = AwsCall['service']

interface AwsFault {
  readonly name: string
  readonly services: readonly Service[]
  readonly allows?: readonly Allowance[]
  /** How many of the calls meet it. */
  readonly share: number
  meet(call: AwsCall, random: Random): Interference | undefined
}

function answer(status: number, code: string): Interference {
  return { kind: 'answer', status, body: JSON.stringify({ __type: code, message: 'The rig' }) }
}

const throttled: Readonly<Partial<Record<Service, string>>> = {
  EventBridge: 'ThrottlingException',
  SQS: 'RequestThrottled',
  DynamoDB: 'ProvisionedThroughputExceededException',
}

/** Where an answer is lost or late, a sender does not know what was recorded of a delivery. */
const unrecorded = ['twice-on-bus', 'twice-delivered', 'uncertain'] as const

const all = ['EventBridge', 'SQS', 'DynamoDB', 'S3'] as const

const faults: readonly AwsFault[] = [
  ...(['EventBridge', 'SQS', 'DynamoDB'] as const).map((service) => ({
    name: `${service.toLowerCase()}-throttles`,
    services: [service],
    allows: service === 'DynamoDB' ? unrecorded : [],
    share: 0.7,
    meet: () => answer(400, throttled[service] ?? ''),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-fails`,
    services: [service],
    allows: service === 'DynamoDB' ? unrecorded : [],
    share: 0.8,
    meet: () => answer(503, 'ServiceUnavailable'),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-hangs`,
    services: [service],
    allows: unrecorded,
    share: 0.7,
    meet: (): Interference => ({ kind: 'hang' }),
  })),
  ...all.map((service) => ({
    name: `${service.toLowerCase()}-loses-answers`,
    services: [service],
    allows: unrecorded,
    share: 0.5,
    meet: (): Interference => ({ kind: 'lose-answer' }),
  })),
  {
    name: 'aws-slow',
    services: all,
    allows: unrecorded,
    share: 0.8,
    meet: (_, random) => ({ kind: 'delay', ms: random.int(200, 1_500) }),
  },
]

function faultOf({ name, services, allows = [], share, meet }: AwsFault): Fault {
  return {
    name,
    allows,
    start({ awsLink }, random) {
      const interfere: Interfere = (call) =>
        services.includes(call.service) && random.chance(share) ? meet(call, random) : undefined
      awsLink.faults.add(interfere)
      return () => void awsLink.faults.delete(interfere)
    },
  }
}

export const aws: readonly Fault[] = faults.map(faultOf)
