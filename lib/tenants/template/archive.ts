import { eventTypes } from '../../events/catalogue.ts'
import { archiveName } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { arnOf, type Resources } from './cloudformation.ts'
import type { Settings } from './settings.ts'

/**
 * The archive that `ecos-eventbridge replay` reads. It holds the tenants' events without the bridge's
 * probes and the results of notifications. EventBridge does not archive replayed events again.
 */
export function archive({ cell }: CellPlan, settings: Settings): Resources {
  if (!settings.archive) return {}
  return {
    Archive: {
      Type: 'AWS::Events::Archive',
      Properties: {
        ArchiveName: archiveName(cell),
        Description: `The events of the tenants of the cell ${cell}, for replays`,
        SourceArn: arnOf('Bus'),
        EventPattern: { source: [{ prefix: 'ecos.' }], 'detail-type': [...eventTypes] },
        RetentionDays: settings.archiveDays,
      },
    },
  }
}
