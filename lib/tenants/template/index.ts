import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { cellPrefix, pascal } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { alarms } from './alarms.ts'
import { amazonMqPart } from './amazon-mq.ts'
import { archive } from './archive.ts'
import { channelPart, channelQueue } from './channel.ts'
import {
  type FunctionDefinition,
  type Functions,
  type Part,
  type Resources,
  ref,
  type Value,
} from './cloudformation.ts'
import { dashboard } from './dashboard.ts'
import { drainSchedule } from './drain-schedule.ts'
import { dueNotificationsPart } from './due-notifications.ts'
import { eventTypePart } from './event-type.ts'
import { dlqOf } from './queue.ts'
import type { Settings } from './settings.ts'

export interface CellTemplate extends Part {
  /** Logical ids on which a function that puts events on the bus depends. */
  readonly bridgeDependsOn: readonly string[]
  readonly outputs: { readonly [name: string]: { readonly Value: Value } }
}

/** Alarms and dashboard over the generated functions and the drain, which serverless.yml defines. */
function monitoring(
  plan: CellPlan,
  settings: Settings,
  functions: readonly FunctionDefinition[],
): Resources {
  if (!settings.alarms) return {}
  const drain = `${cellPrefix(plan.cell)}-bridge-drain`
  const watched = alarms(plan, settings, [drain, ...functions.map(({ name }) => name)])
  return { ...watched, ...dashboard(plan, watched) }
}

/** The part of the template that depends on tenants, event types, channels and settings. Pure. */
export function cellTemplate(plan: CellPlan, settings: Settings): CellTemplate {
  const typeParts = eventTypes.map((type) => eventTypePart(type, plan, settings))
  const bridgeDependsOn = typeParts.flatMap(dependenciesOfBridge)
  const parts = [
    ...typeParts,
    ...channelNames.map((channel) => channelPart(channel, plan, settings)),
    dueNotificationsPart(plan),
    amazonMqPart(plan, settings, bridgeDependsOn),
  ]
  const queues = [
    ...eventTypes.map((type) => `${pascal(type)}Queue`),
    ...channelNames.map(channelQueue),
  ]
  const functions: Functions = Object.assign({}, ...parts.map(({ functions }) => functions))
  return {
    functions,
    bridgeDependsOn,
    resources: Object.assign(
      drainSchedule(settings),
      archive(plan, settings),
      monitoring(plan, settings, Object.values(functions)),
      ...parts.map(({ resources }) => resources),
    ),
    outputs: Object.fromEntries(
      queues
        .flatMap((queue) => [queue, dlqOf(queue)])
        .map((id) => [`${id}Url`, { Value: ref(id) }]),
    ),
  }
}

/** Rules, queue policies and handlers: a bridge that runs before them would send events that nobody receives. */
function dependenciesOfBridge({ functions, resources }: Part): string[] {
  const types = ['AWS::Events::Rule', 'AWS::SQS::QueuePolicy']
  const ids = Object.entries(resources).flatMap(([id, { Type }]) =>
    types.includes(Type) ? [id] : [],
  )
  return [...ids, ...Object.keys(functions).map((key) => `${key}LambdaFunction`)]
}
