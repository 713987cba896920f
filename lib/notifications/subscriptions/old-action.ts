import * as z from 'zod'
import { type Predicate, predicate } from '../../events/predicate.ts'
import { late } from '../../late.ts'
import { faultsIn, parseJson } from '../../parse.ts'
import { newAction } from './new-action.ts'
import type { Action } from './subscriptions.ts'

/** A remark on a place in the old service's file: `[2].subscriptions[0].actions[1]`. */
export interface Remark {
  readonly of: 'refused' | 'note'
  readonly place: string
  readonly text: string
}

export function isRemark(one: object): one is Remark {
  return 'of' in one
}

/**
 * An action of the old service (Citeck/ecos-notifications, ActionDto). Its documentation names the
 * token `fireBaseClientRegToken`. `templateId` is a reference, `notifications/template@<name>`.
 */
const oldAction = late(() =>
  z.looseObject({
    type: z.literal('FIREBASE_NOTIFICATION', 'only FIREBASE_NOTIFICATION can be imported'),
    config: z.looseObject({
      fireBaseClientRegToken: z.string().nullish(),
      clientRegToken: z.string().nullish(),
      templateId: z.string().nullish(),
      locale: z.string().nullish(),
    }),
    condition: z.unknown().optional(),
    customData: z.unknown().optional(),
  }),
)

/** Converts an action, with a remark if it is imported in part; a refused one yields only a remark. */
export function convertAction(value: unknown, place: string): (Action | Remark)[] {
  const refused = (text: string, at = place): Remark => ({ of: 'refused', place: at, text })
  const old = oldAction.safeParse(value)
  if (!old.success) return [refused(faultsIn(old.error))]
  const { config, condition, customData } = old.data
  const template = config.templateId?.split('@').at(-1)

  const converting = conditionIn(condition)
  if ('fault' in converting) return [refused(converting.fault, `${place}.condition`)]
  const { note, ...more } = customDataIn(customData)
  const converted = newAction().safeParse({
    channel: 'push',
    address: config.fireBaseClientRegToken ?? config.clientRegToken ?? '',
    ...(config.locale && { locale: config.locale }),
    ...(template && { template }),
    ...converting,
    ...more,
  })
  if (!converted.success) return [refused(faultsIn(converted.error))]
  return note
    ? [converted.data, { of: 'note', place: `${place}.customData`, text: note }]
    : [converted.data]
}

/** The old service stores `true` for an action without a condition. */
function conditionIn(old: unknown): { condition?: Predicate } | { fault: string } {
  if (old === undefined || old === null) return {}
  const text = typeof old === 'string' ? old.trim() : JSON.stringify(old)
  if (text === '' || text === 'true') return {}
  const json = parseJson(text)
  if (typeof json !== 'object') {
    return { fault: `Groovy is code and can't be imported: ${text.replace(/\s+/g, ' ')}` }
  }
  const parsed = predicate.safeParse(json)
  return parsed.success ? { condition: parsed.data } : { fault: faultsIn(parsed.error) }
}

/** The old service asked the records for attributes, each list entry one record. */
function customDataIn(old: unknown): { customData?: unknown; note?: string } {
  if (!old || (Array.isArray(old) && old.length === 0)) return {}
  if (!Array.isArray(old)) return { customData: old }
  return { note: "left out: custom data comes from the event, not from a record's attributes" }
}
