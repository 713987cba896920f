import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import type { CellPlan } from '../../tenants/plan.ts'
import { type Finding, ok, skipped, wrong } from './finding.ts'

/** The account's quotas in the region; undefined where Service Quotas does not list one. */
export interface AccountQuotas {
  /** Lambda's concurrent executions. */
  readonly concurrentExecutions: number | undefined
  /** PutEvents calls a second. */
  readonly putEvents: number | undefined
}

/** Lambda's minimum for `maximumConcurrency`. */
const minConcurrency = 2
/** The share of the quota that the cell may take; the rest is for other functions of the account. */
const share = 0.75

/** Compares the quotas with the least that the cell needs, and names the settings that depend on them. */
export function examineAccountQuotas(plan: CellPlan, quotas: AccountQuotas): Finding[] {
  const { concurrentExecutions, putEvents } = quotas
  return [
    concurrentExecutions === undefined
      ? unknown('Lambda concurrency')
      : examineConcurrency(plan, concurrentExecutions),
    putEvents === undefined
      ? unknown('PutEvents quota')
      : ok(
          'PutEvents quota',
          `${putEvents} calls a second in this region: keep maxPutEventsPerSecond below it`,
        ),
  ]
}

function examineConcurrency({ sources }: CellPlan, quota: number): Finding {
  const subject = 'Lambda concurrency'
  const queueFed = eventTypes.length + channelNames.length
  // The drain, due-notifications, and a copy for each Amazon MQ source.
  const others = 2 + sources.length
  const needed = others + minConcurrency * queueFed
  if (quota < needed) {
    return wrong(
      subject,
      `${quota} concurrent executions in this region, and the cell needs ${needed} with the lowest ` +
        'maximumConcurrency, 2: have the quota raised',
    )
  }
  const fitting = Math.max(minConcurrency, Math.floor((quota * share - others) / queueFed))
  return ok(
    subject,
    `${quota} concurrent executions in this region: a maximumConcurrency of up to ${fitting} fits`,
  )
}

function unknown(subject: string): Finding {
  return skipped(subject, 'Service Quotas does not list it here: look it up in the console')
}
