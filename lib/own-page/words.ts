import type { ChannelName } from '../channels/channel.ts'
import type { NotifiedType } from '../notifications/timing.ts'
import type { FormFault } from './form.ts'

export type Language = 'ru' | 'en'

/** Why a link or a form is not followed. */
export type Refusal = 'forged' | 'expired' | 'revoked' | 'stale' | 'busy' | 'failed' | 'foreign'

export interface Words {
  readonly heading: string
  readonly whose: string
  readonly what: string
  readonly nothing: string
  readonly quiet: string
  readonly quietHint: string
  readonly from: string
  readonly to: string
  readonly digest: string
  readonly digestHint: string
  readonly at: string
  readonly timeZone: string
  readonly language: string
  readonly asOrganisation: string
  readonly save: string
  readonly saved: string
  readonly faults: Readonly<Record<FormFault, string>>
  readonly refusals: Readonly<Record<Refusal, readonly [title: string, text: string]>>
  readonly unsubscribe: { readonly title: string; readonly button: string; readonly done: string }
  readonly everything: string
  readonly channels: Readonly<Record<ChannelName, string>>
  /** An event type without words is shown by its name. */
  readonly types: Readonly<Partial<Record<NotifiedType, string>>>
}

const ru: Words = {
  heading: 'Мои уведомления',
  whose: 'Пользователь',
  what: 'О чём и как сообщать',
  nothing: 'На вас пока нет подписок.',
  quiet: 'Тихие часы',
  quietHint: 'В это время ничего не приходит: уведомления ждут конца тихих часов.',
  from: 'с',
  to: 'до',
  digest: 'Сводка раз в день',
  digestHint: 'Всё за день одним сообщением. Пусто: каждое уведомление сразу.',
  at: 'в',
  timeZone: 'Часовой пояс',
  language: 'Язык уведомлений',
  asOrganisation: 'как в организации',
  save: 'Сохранить',
  saved: 'Сохранено. Изменения уже действуют.',
  faults: {
    quietHours: 'Тихие часы: укажите начало и конец, не больше 20 часов.',
    digest: 'Сводка: её время не должно попадать в тихие часы.',
    timeZone: 'Выберите часовой пояс из списка.',
    other: 'Эти настройки сохранить нельзя. Откройте страницу заново.',
  },
  refusals: {
    forged: ['Ссылка не работает', 'Она скопирована не целиком. Откройте её из письма ещё раз.'],
    expired: ['Ссылка устарела', 'Откройте ссылку из более нового письма.'],
    revoked: ['Ссылка отозвана', 'Откройте ссылку из более нового письма.'],
    stale: [
      'Настройки уже изменились',
      'Эта форма отправлена повторно или открыта раньше, чем настройки изменились. Откройте страницу заново.',
    ],
    busy: ['Слишком много запросов', 'Подождите минуту и попробуйте ещё раз.'],
    failed: ['Сейчас не получилось', 'Ничего не изменилось. Попробуйте через несколько минут.'],
    foreign: ['Запрос отклонён', 'Он отправлен не с этой страницы. Откройте ссылку из письма.'],
  },
  unsubscribe: {
    title: 'Больше не присылать письма:',
    button: 'Отписаться',
    done: 'Готово: таких писем больше не будет.',
  },
  everything: 'все уведомления по почте',
  channels: {
    email: 'Почта',
    webhook: 'Вебхук',
    telegram: 'Telegram',
    chat: 'Чат',
    push: 'Push',
    sms: 'SMS',
  },
  types: {
    'task.create': 'Новые задачи группы',
    'task.assign': 'Новые задачи',
    'task.reminder': 'Напоминания о задачах',
    'task.complete': 'Завершённые задачи',
    'task.delete': 'Удалённые задачи',
    'comment.added': 'Комментарии',
    'record.create': 'Новые документы',
    'record.update': 'Изменения документов',
    'record-created': 'Новые записи',
    'record-changed': 'Изменения записей',
    'record-deleted': 'Удалённые записи',
    'record-status-changed': 'Смена статуса',
  },
}

const en: Words = {
  heading: 'My notifications',
  whose: 'User',
  what: 'What to tell you, and how',
  nothing: 'You have no subscriptions yet.',
  quiet: 'Quiet hours',
  quietHint: 'Nothing arrives in these hours: notifications wait for their end.',
  from: 'from',
  to: 'to',
  digest: 'Daily digest',
  digestHint: 'All of a day in one message. Empty: each notification at once.',
  at: 'at',
  timeZone: 'Time zone',
  language: 'Language of notifications',
  asOrganisation: "the organisation's",
  save: 'Save',
  saved: 'Saved. The changes are in effect.',
  faults: {
    quietHours: 'Quiet hours: give both times, at most 20 hours.',
    digest: 'Digest: its time must not be in the quiet hours.',
    timeZone: 'Choose a time zone from the list.',
    other: 'These settings can’t be saved. Open the page again.',
  },
  refusals: {
    forged: ['The link does not work', 'It was not copied whole. Open it from the mail again.'],
    expired: ['The link has expired', 'Open the link in a newer mail.'],
    revoked: ['The link was revoked', 'Open the link in a newer mail.'],
    stale: [
      'The settings have changed',
      'This form was sent twice, or opened before the settings changed. Open the page again.',
    ],
    busy: ['Too many requests', 'Wait a minute and try again.'],
    failed: ['That did not work', 'Nothing has changed. Try again in a few minutes.'],
    foreign: [
      'The request was refused',
      'It was not sent by this page. Open the link in the mail.',
    ],
  },
  unsubscribe: {
    title: 'Stop these mails:',
    button: 'Unsubscribe',
    done: 'Done: you will get no such mails.',
  },
  everything: 'all notifications by mail',
  channels: {
    email: 'E-mail',
    webhook: 'Webhook',
    telegram: 'Telegram',
    chat: 'Chat',
    push: 'Push',
    sms: 'SMS',
  },
  types: {
    'task.create': 'New tasks of a group',
    'task.assign': 'New tasks',
    'task.reminder': 'Reminders of tasks',
    'task.complete': 'Completed tasks',
    'task.delete': 'Deleted tasks',
    'comment.added': 'Comments',
    'record.create': 'New documents',
    'record.update': 'Changes of documents',
    'record-created': 'New records',
    'record-changed': 'Changes of records',
    'record-deleted': 'Deleted records',
    'record-status-changed': 'Changes of status',
  },
}

export const words: Readonly<Record<Language, Words>> = { ru, en }

/** The first of some language tags that the page has words in; Russian if there is none. */
export function languageOf(tags: readonly (string | undefined)[]): Language {
  for (const tag of tags) {
    const language = tag?.trim().slice(0, 2).toLowerCase()
    if (language === 'ru' || language === 'en') return language
  }
  return 'ru'
}
