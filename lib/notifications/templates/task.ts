import type { TaskEvent } from '../../events/schemas.ts'
import { value } from './bounds.ts'
import type { Locale } from './locale.ts'
import type { EventTemplate, Fact } from './render.ts'

const words = {
  ru: {
    untitled: 'без названия',
    task: 'Задача',
    process: 'Процесс',
    due: 'Срок',
    initiator: 'Инициатор',
    outcome: 'Результат',
    comment: 'Комментарий',
    document: 'Документ',
  },
  en: {
    untitled: 'untitled',
    task: 'Task',
    process: 'Process',
    due: 'Due',
    initiator: 'Initiator',
    outcome: 'Outcome',
    comment: 'Comment',
    document: 'Document',
  },
} as const

/**
 * What a person is told of a task. The document has no title on the wire, so its reference stands
 * for it.
 */
export const taskModel: EventTemplate<TaskEvent>['model'] = (task, locale) => {
  const word = words[locale]
  const process = value(task.workflowDescription)
  const title = value(task.taskTitle)
  const initiator = value(task.initiator)
  const known: readonly (readonly [string, string | undefined])[] = [
    [word.task, title],
    [word.process, process],
    [word.due, dueDate(task.dueDate, locale)],
    // ECOS writes `system` where nobody is the initiator.
    [word.initiator, initiator === 'system' ? undefined : initiator],
    [word.outcome, value(task.taskOutcome)],
    [word.comment, value(task.taskComment)],
    [word.document, value(task.document) ?? value(task.docId)],
  ]
  const facts = known.flatMap(([label, text]): Fact[] => (text ? [{ label, value: text }] : []))
  return { event: task, task: title ?? process ?? word.untitled, facts }
}

/** The last instant that a Date can hold (ECMA-262, Time Values). */
const lastInstant = 8.64e15

/** In UTC and saying so, since the wire does not tell the reader's time zone. */
function dueDate(milliseconds: number | null | undefined, locale: Locale): string | undefined {
  if (milliseconds == null || Math.abs(milliseconds) > lastInstant) return undefined
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  return `${format.format(milliseconds)} UTC`
}
