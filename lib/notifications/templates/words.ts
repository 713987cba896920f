import { reminderType } from '../notification.ts'

/** Words of messages that no template writes. */
interface Words {
  /** What the reader can do by the link. */
  readonly open: { readonly task: string; readonly document: string; readonly home: string }
  /** Why the reader got it, by the event's type. */
  readonly why: Readonly<
    Record<'pooled' | 'assigned' | 'reminded' | 'ended' | 'subscribed' | 'test', string>
  >
}

const russian: Words = {
  open: { task: 'Открыть задачу', document: 'Открыть документ', home: 'Открыть ECOS' },
  why: {
    pooled: 'Вы получили это сообщение, потому что можете взять эту задачу.',
    assigned: 'Вы получили это сообщение, потому что задача назначена вам.',
    reminded: 'Вы получили это напоминание, потому что задача не завершена.',
    ended: 'Вы получили это сообщение, потому что задача была в вашем списке.',
    subscribed: 'Вы получили это сообщение, потому что подписаны на такие события.',
    test: 'Вы получили это сообщение, потому что кто-то проверяет уведомления.',
  },
}

const english: Words = {
  open: { task: 'Open task', document: 'Open document', home: 'Open ECOS' },
  why: {
    pooled: 'You received this message because you can take this task.',
    assigned: 'You received this message because the task is assigned to you.',
    reminded: 'You received this reminder because the task is not completed.',
    ended: 'You received this message because the task was on your list.',
    subscribed: 'You received this message because you are subscribed to such events.',
    test: 'You received this message because somebody is testing notifications.',
  },
}

/** @param locale BCP 47; English for languages that have no words here */
export function wordsIn(locale: string): Words {
  return new Intl.Locale(locale).language === 'ru' ? russian : english
}

/** Others are for subscribers. */
const reasons = new Map<string, keyof Words['why']>(
  Object.entries({
    'task.create': 'pooled',
    'task.assign': 'assigned',
    [reminderType]: 'reminded',
    'task.complete': 'ended',
    'task.delete': 'ended',
    'notification.test': 'test',
  } as const),
)

export function whyIn(locale: string, type: string): string {
  return wordsIn(locale).why[reasons.get(type) ?? 'subscribed']
}

/** What the link of an event's message opens. */
export function openIn(locale: string, type: string, hasRecord: boolean): string {
  const { task, document, home } = wordsIn(locale).open
  if (!hasRecord) return home
  return ['task.create', 'task.assign', reminderType].includes(type) ? task : document
}
