import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import {
  countedFields,
  type ReadTenantCounts,
  type TenantCount,
} from '../../lib/operations/tenant-counts.ts'
import { parseJson } from '../../lib/parse.ts'
import type { Cloud } from '../cloud.ts'
import { functionLogs } from './copy.ts'

/** As CloudWatch Logs Insights would: the local AWS adds nothing up. */
export function createLocalTenantCounts(cloud: Cloud): ReadTenantCounts {
  const { logs } = cloud
  return async (cell, { from, to, period }) => {
    const counts = new Map<string, TenantCount>()
    for (const logGroupName of await functionLogs(cloud, cell)) {
      const query = {
        ...{ logGroupName, filterPattern: 'CloudWatchMetrics' },
        ...{ startTime: from.getTime(), endTime: to.getTime() - 1 },
      }
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, query)) {
        for (const { message = '', timestamp = 0 } of events) {
          const line = (parseJson(message) ?? {}) as Readonly<Record<string, unknown>>
          const { tenant } = line
          if (typeof tenant !== 'string') continue
          const at = new Date(Math.floor(timestamp / 1000 / period) * period * 1000)
          const key = JSON.stringify([tenant, at])
          const known = counts.get(key) ?? { tenant, at, events: 0, deliveries: 0, failures: 0 }
          counts.set(key, added(known, line))
        }
      }
    }
    return { counts: [...counts.values()], isCut: false }
  }
}

function added(count: TenantCount, line: Readonly<Record<string, unknown>>): TenantCount {
  const sum = (fields: readonly string[]) =>
    fields.reduce((total, field) => total + (Number(line[field]) || 0), 0)
  return {
    ...count,
    events: count.events + sum(countedFields.events),
    deliveries: count.deliveries + sum(countedFields.deliveries),
    failures: count.failures + sum(countedFields.failures),
  }
}
