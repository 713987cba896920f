import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { pascal } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { alarms } from './alarms.ts'
import { amazonMqPart } from './amazon-mq.ts'
import { archive } from './archive.ts'
import { bridgeDrainPart } from './bridge-drain.ts'
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
import { dueNotificationsPart } from './due-notifications.ts'
import { eventTypePart } from './event-type.ts'
import { mailFeedbackPart } from './mail-feedback.ts'
import { ownPagePart, pageAddress } from './own-page.ts'
import { dlqOf } from './queue.ts'
import type { Settings } from './settings.ts'

export interface CellTemplate extends Part {
  readonly outputs: { readonly [name: string]: { readonly Value: Value } }
}

/** Alarms and dashboard over these functions. */
function monitoring(
  plan: CellPlan,
  settings: Settings,
  functions: readonly FunctionDefinition[],
): Resources {
  if (!settings.alarms) return {}
  const names = functions.map(({ name }) => name)
  const watched = alarms(plan, settings, names)
  return { ...watched, ...dashboard(plan, watched) }
}

/** The part of the template that depends on tenants, event types, channels and settings. Pure. */
export function cellTemplate(plan: CellPlan, settings: Settings): CellTemplate {
  const typeParts = eventTypes.map((type) => eventTypePart(type, plan, settings))
  const bridgeDependsOn = typeParts.flatMap(dependenciesOfBridge)
  const parts = [
    ...typeParts,
    ...channelNames.map((channel) => channelPart(channel, plan, settings)),
    dueNotificationsPart(plan, settings),
    mailFeedbackPart(plan, settings),
    ownPagePart(plan, settings),
    bridgeDrainPart(plan, settings, bridgeDependsOn),
    amazonMqPart(plan, settings, bridgeDependsOn),
  ]
  const queues = [
    ...eventTypes.map((type) => `${pascal(type)}Queue`),
    ...channelNames.map(channelQueue),
  ]
  const pageUrl = pageAddress(settings)
  const functions: Functions = Object.assign({}, ...parts.map(({ functions }) => functions))
  return {
    functions,
    resources: Object.assign(
      {},
      archive(plan, settings),
      monitoring(plan, settings, Object.values(functions)),
      ...parts.map(({ resources }) => resources),
    ),
    outputs: {
      ...Object.fromEntries(
        queues
          .flatMap((queue) => [queue, dlqOf(queue)])
          .map((id) => [`${id}Url`, { Value: ref(id) }]),
      ),
      ...(pageUrl !== undefined && { OwnPageUrl: { Value: pageUrl } }),
    },
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
