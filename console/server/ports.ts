import type { QueueCount } from '../../lib/aws/cell/cell-queues.ts'
import type { DeployedRule } from '../../lib/aws/cell/cell-rules.ts'
import type { EventTap } from '../../lib/aws/cell/event-tap.ts'
import type { EventStory } from '../../lib/aws/tables/event-story.ts'
import type {
  ListedNotification,
  NotificationFilter,
} from '../../lib/aws/tables/notifications-index.ts'
import type { Entry } from '../../lib/aws/tables/subscriptions-items.ts'
import type { ReasonOf } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import type { Backlog } from './picture.ts'

export interface Letters {
  readonly boxes: readonly LetterBox[]
  readonly reasonOf: ReasonOf
  /** What could not be had, each in one line. */
  readonly problems: readonly string[]
}

/** The live system, as the console sees it. */
export interface ConsolePorts {
  cells(): Promise<string[]>
  rules(cell: string): Promise<DeployedRule[]>
  queues(cell: string): Promise<QueueCount[]>
  /** Undefined where no broker is named. */
  backlogs(cell: string): Promise<readonly Backlog[] | undefined>
  tap(cell: string): Promise<EventTap>
  withLetters<T>(cell: string, work: (letters: Letters) => Promise<T>): Promise<T>
  stories(cell: string, pairs: readonly DeployedRule[], eventId: string): Promise<EventStory[]>
  notifications(
    cell: string,
    tenant: string,
    filter: NotificationFilter,
  ): Promise<ListedNotification[]>
  subscriptions(cell: string, tenant: string): Promise<Entry[]>
  close(): Promise<void>
}
