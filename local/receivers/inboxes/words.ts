export const languages = { en: 'English', ru: 'Русский' } as const

export type Language = keyof typeof languages

/** The inboxes of the page, in its order. */
export const inboxNames = ['telegram', 'push', 'sms', 'chat', 'webhook'] as const

export type InboxName = (typeof inboxNames)[number]

export interface Words {
  readonly heading: string
  readonly hint: string
  readonly mail: string
  readonly inboxes: Readonly<Record<InboxName, string>>
  /** Which messages of those that came are shown. */
  readonly counted: (total: number, shown: number) => string
  readonly nothing: string
  readonly unreadable: string
  readonly ended: string
  /** Of a push message. */
  readonly open: string
  readonly data: string
  readonly bot: string
  readonly app: string
  /** Of an SMS: `gsm` is the alphabet with more characters in a part. */
  readonly parts: (parts: number, characters: number, isGsm: boolean) => string
  readonly cut: (characters: number) => string
}

const en: Words = {
  heading: 'Inboxes',
  hint: 'What people would see, newest first. The page renews itself.',
  mail: 'Mail inbox',
  inboxes: { telegram: 'Telegram', push: 'Push', sms: 'SMS', chat: 'Chat', webhook: 'Webhooks' },
  counted: (total, shown) =>
    total === shown
      ? `Received: ${total}`
      : `Received: ${total}, of which the last ${shown} are shown`,
  nothing: 'Nothing has come yet.',
  unreadable: 'The local AWS did not answer, so the messages are unknown.',
  ended: 'npm start has ended or does not answer: this is what came last.',
  open: 'Open',
  data: 'Data for the app',
  bot: 'bot',
  app: 'APP',
  parts: (parts, characters, isGsm) =>
    `Parts: ${parts} · characters: ${characters} · ${isGsm ? 'GSM 7-bit' : 'UCS-2'}`,
  cut: (characters) => `… ${characters} more characters`,
}

const ru: Words = {
  heading: 'Входящие',
  hint: 'Что увидят люди, новое сверху. Страница обновляется сама.',
  mail: 'Входящая почта',
  inboxes: { telegram: 'Telegram', push: 'Push', sms: 'SMS', chat: 'Чат', webhook: 'Вебхуки' },
  counted: (total, shown) =>
    total === shown ? `Получено: ${total}` : `Получено: ${total}, показаны последние: ${shown}`,
  nothing: 'Пока ничего не пришло.',
  unreadable: 'Локальный AWS не ответил: какие сообщения пришли, неизвестно.',
  ended: 'npm start завершён или не отвечает: показано то, что пришло последним.',
  open: 'Открыть',
  data: 'Данные для приложения',
  bot: 'бот',
  app: 'ПРИЛОЖЕНИЕ',
  parts: (parts, characters, isGsm) =>
    `Частей: ${parts} · символов: ${characters} · ${isGsm ? 'GSM, 7 бит' : 'UCS-2'}`,
  cut: (characters) => `… ещё символов: ${characters}`,
}

export const words: Readonly<Record<Language, Words>> = { en, ru }
