import * as actions from './texts-actions.js'
import * as event from './texts-event.js'
import * as letters from './texts-letters.js'
import { trendsEnglish, trendsRussian } from './texts-trends.js'
import * as troubles from './texts-troubles.js'

/** The page's texts in both languages. */
const english = {
  ...actions.english,
  ...letters.english,
  ...troubles.english,
  ...event.english,
  trends: 'Trends',
  trend: trendsEnglish,
  title: 'ECOS events',
  skip: 'To the content',
  cell: 'Cell',
  tenant: 'Tenant',
  partition: 'Partition',
  everyTenant: 'All tenants',
  language: 'Русский',
  views: 'Views',
  picture: 'Pipeline',
  tenants: 'Tenants',
  perMinuteNow: 'Events/min',
  lastHour: 'Last hour',
  share: 'Share',
  waitingAtBroker: 'Waiting at the broker',
  failedHour: 'Failed deliveries',
  course: 'Minute by minute',
  hourSaid:
    'Events in the last hour, as far as they were seen: {count}; failed deliveries: {failed}',
  hourOfLogs: 'The whole hour and all failed deliveries, counted in the functions’ logs',
  hourOf:
    'Events that the console has seen on the bus, minute by minute; failed deliveries in red. A dot is a minute in which it did not look.',
  hourFailed:
    'Failed deliveries are seen here only of tenants whose results go on the bus, which the line “results: true” in tenants.yml turns on.',
  events: 'Now',
  search: 'Search',
  letters: 'Dead letters',
  notifications: 'Notifications',
  subscriptions: 'Subscriptions',
  runbook: 'Runbook',
  loading: 'Loading …',
  loadingWhat: '{what}: loading …',
  looking: 'Reading the live system …',
  lost: 'The console does not answer; retrying. These figures are out of date.',
  refused:
    'The console was restarted: open the address that it prints now. These figures are out of date.',
  broken: 'This view could not be shown. The other views still work.',
  zone: 'Times are in {zone}.',
  asOf: '{time} old',
  broker: 'Broker',
  noBroker: 'Set AMQP_URL and TENANTS_FILE to see it',
  others: 'and {count} more: choose one above',
  bus: 'Bus',
  handlers: 'Event handlers',
  channels: 'Channels',
  quarantine: 'Quarantine',
  perMinute: '{count}/min',
  waiting: 'waiting {count}',
  inFlight: 'under way {count}',
  delayed: 'delayed {count}',
  since: 'for {time}',
  dead: 'dead {count}',
  pause: 'Pause',
  resume: 'Resume',
  withResults: 'With results of notifications',
  withoutResults: 'Without results of notifications',
  resultsLeft: 'left out: {count}',
  unfold: 'Events of the same tenant and type in a row: show each',
  held: 'Paused. New events appear when you resume.',
  passed: 'Events as they pass, newest first',
  nothingPassed:
    'No events since this page watches. New ones appear here by themselves; if none come, see what waits at the broker under “Pipeline”.',
  when: 'When',
  type: 'Type',
  about: 'About',
  event: 'Event',
  find: 'Find',
  arose: 'Created',
  lastTry: 'last try {time}',
  lastTryAgain: 'last try {time}, will be tried again',
  lastTryNext: 'last try {time}, next one {next}',
  nextTry: 'Next try',
  inTime: 'in {left}',
  due: 'is due',
  nextFirst: 'What is tried next comes first, on each page; a page has the latest created.',
  seek: 'Search notifications',
  seekAll: 'Person, task, document, tenant or id',
  seekIn: 'Person, task, document or id in {tenant}',
  seekShort: 'Person, task, document, id',
  anyWords: 'any words: all have to occur',
  searchAll: 'Search all tenants',
  onlyOf: 'A word is the name of a tenant, so only its notifications were searched: {tenants}.',
  unfinished: 'These tenants have more than one search reads. Search further back in one of them:',
  backTo: '{tenant}, before {time}',
  notAsked: 'Tenants that were not asked, for there are too many: {count}. Choose one above.',
  findWhat: 'Task, document, person or id',
  everyType: 'All types',
  everyChannel: 'All channels',
  range: 'Time',
  ranges: {
    '1h': 'last hour',
    '24h': 'last 24 hours',
    '7d': 'last 7 days',
    '30d': 'last 30 days',
    own: 'from – to',
  },
  from: 'From',
  to: 'To',
  pages: 'Pages',
  newest: 'Newest',
  older: 'Older',
  searchedTo: 'Searched back to {time}.',
  cutAt: 'A crowd was told of it: the first {count} are shown. Add the person to find theirs.',
  userName: 'user name',
  nothingFound: 'Nothing matches in this time. Take a longer time or fewer filters.',
  allWords: 'Nothing matches in this time. All of the words have to be found: {words}.',
  unseenWords: 'Nothing that was searched has: {words}.',
  otherWords: 'Take fewer or other words, or a longer time.',
  copy: 'Copy',
  copied: 'Copied',
  copyLink: 'Copy link',
  record: 'Record',
  task: 'Task',
  errors: {
    'invalid-request': 'A filter has a value that is not allowed. Correct it and search again.',
    'redrive-runs': 'Messages of this cell are already being sent back: wait for the end.',
    'read-only': 'Read only: start the console with --allow-repair.',
    'missing-variable':
      'A setting is missing: TENANTS_FILE (or applied tenants), or --bucket with the cell’s PayloadBucket.',
    ...actions.english.actionErrors,
    ...letters.english.letterErrors,
  },
  again: 'Refresh',
  groupGone: 'No letter matches the filter now.',
  cutBody: 'Only the beginning. The whole message: npx ecos-eventbridge dlq show --id {id}',
  contains: 'Contains',
  read: 'Read',
  close: 'Close',
  newer: 'Newer',
  show: 'Show',
  showAll: 'Show all',
  mend: 'Mend the cause first: {causes}. Otherwise they fail again and come back here.',
  nothingRests: 'No dead letters, and nothing in quarantine.',
  more: 'Not all were read: a count with + is the least that there are.',
  moreLetters:
    'Not all dead letters were read: this event may have others. To find them: npx ecos-eventbridge dlq show --cell {cell} --id {id}',
  groups: 'By cause',
  choose: 'Select',
  chooseNone: 'Clear selection',
  chosen: 'Selected: {count}',
  sendBack: 'Send back',
  readOnly: 'Read only: start the console with --allow-repair to send messages back.',
  sure: 'Messages to send back: {count}',
  sendTo: '{count} → {to}',
  brokerOf: 'the bridge, through the broker’s queue of {tenant}',
  safe: 'Each message is sent first and then removed. People who were already notified are not notified again.',
  stop: 'Stop',
  stopped: 'Stopped. Messages that were not sent back are still in their queues.',
  progress: '{done} of {wanted}',
  leftBack: '{queue}, not sent back: {count}.',
  notThere: 'They are gone, or somebody else is reading them: refresh.',
  yes: 'Send back',
  no: 'Cancel',
  sentBack: 'Sent back: {count}',
  reason: 'Reason',
  cause: 'Cause',
  queue: 'Queue',
  message: 'Message',
  count: 'Count',
  unknown: 'unknown',
  chooseTenant: 'Choose a tenant above.',
  state: 'State',
  everyState: 'All states',
  person: 'Person',
  channel: 'Channel',
  tries: 'Deliveries',
  noneThere: 'None.',
  everyone: 'everyone else',
  address: 'Address',
  off: 'switched off: {reason}',
}

/** @type {typeof english} */
const russian = {
  ...actions.russian,
  ...letters.russian,
  ...troubles.russian,
  ...event.russian,
  trends: 'Динамика',
  trend: trendsRussian,
  title: 'События ECOS',
  skip: 'Перейти к содержимому',
  cell: 'Ячейка',
  tenant: 'Тенант',
  partition: 'Партиция',
  everyTenant: 'Все тенанты',
  language: 'English',
  views: 'Разделы',
  picture: 'Конвейер',
  tenants: 'Тенанты',
  perMinuteNow: 'Событий/мин',
  lastHour: 'Последний час',
  share: 'Доля',
  waitingAtBroker: 'Ждут у брокера',
  failedHour: 'Неудачные доставки',
  course: 'По минутам',
  hourSaid:
    'Событий за последний час, насколько консоль их видела: {count}; неудачных доставок: {failed}',
  hourOfLogs: 'Весь час и все неудачные доставки, подсчитанные по журналам функций',
  hourOf:
    'События, которые консоль видела на шине, по минутам; неудачные доставки красным. Точка — минута, когда она не смотрела.',
  hourFailed:
    'Неудачные доставки здесь видны только у тенантов, результаты которых идут на шину: это включает строка «results: true» в tenants.yml.',
  events: 'Сейчас',
  search: 'Поиск',
  letters: 'Недоставленные',
  notifications: 'Уведомления',
  subscriptions: 'Подписки',
  runbook: 'Инструкция',
  loading: 'Загрузка …',
  loadingWhat: '{what}: загрузка …',
  looking: 'Опрашиваем систему …',
  lost: 'Консоль не отвечает, повторяем попытку. Показанные данные устарели.',
  refused:
    'Консоль перезапущена: откройте новый адрес, который она вывела. Показанные данные устарели.',
  broken: 'Не удалось показать этот раздел. Остальные разделы работают.',
  zone: 'Часовой пояс: {zone}.',
  asOf: 'данные получены {time} назад',
  broker: 'Брокер',
  noBroker: 'Задайте AMQP_URL и TENANTS_FILE, чтобы видеть брокера',
  others: 'и ещё {count}: выберите тенанта наверху',
  bus: 'Шина',
  handlers: 'Обработчики событий',
  channels: 'Каналы',
  quarantine: 'Карантин',
  perMinute: '{count}/мин',
  waiting: 'в очереди {count}',
  inFlight: 'в работе {count}',
  delayed: 'отложено {count}',
  since: 'уже {time}',
  dead: 'не доставлено {count}',
  pause: 'Пауза',
  resume: 'Продолжить',
  withResults: 'С результатами уведомлений',
  withoutResults: 'Без результатов уведомлений',
  resultsLeft: 'скрыто: {count}',
  unfold: 'События одного тенанта и типа подряд: показать каждое',
  held: 'Пауза. Новые события появятся после продолжения.',
  passed: 'События на шине, сначала новые',
  nothingPassed:
    'С открытия страницы событий не было. Новые появятся здесь сами; если их нет, посмотрите в «Конвейере», что ждёт у брокера.',
  when: 'Когда',
  type: 'Тип',
  about: 'Объект',
  event: 'Событие',
  find: 'Найти',
  arose: 'Создано',
  lastTry: 'последняя попытка {time}',
  lastTryAgain: 'последняя попытка {time}, будет повтор',
  lastTryNext: 'последняя попытка {time}, следующая {next}',
  nextTry: 'Следующая попытка',
  inTime: 'через {left}',
  due: 'уже пора',
  nextFirst:
    'Сначала то, что будет повторено раньше, на каждой странице; на странице — созданное последним.',
  seek: 'Поиск уведомлений',
  seekAll: 'Пользователь, задача, документ, тенант, ID',
  seekIn: 'Пользователь, задача, документ, ID в {tenant}',
  seekShort: 'Имя, задача, документ, ID',
  anyWords: 'любые слова: должны встретиться все',
  searchAll: 'Искать у всех тенантов',
  onlyOf: 'Одно из слов — имя тенанта, поэтому поиск только по его уведомлениям: {tenants}.',
  unfinished: 'У этих тенантов просмотрено не всё. Продолжить у одного из них, дальше в прошлое:',
  backTo: '{tenant}, до {time}',
  notAsked: 'Не опрошено тенантов, потому что их слишком много: {count}. Выберите нужного наверху.',
  findWhat: 'Задача, документ, пользователь или идентификатор',
  everyType: 'Все типы',
  everyChannel: 'Все каналы',
  range: 'Время',
  ranges: {
    '1h': 'за час',
    '24h': 'за сутки',
    '7d': 'за 7 дней',
    '30d': 'за 30 дней',
    own: 'с – по',
  },
  from: 'С',
  to: 'По',
  pages: 'Страницы',
  newest: 'Самые новые',
  older: 'Более ранние',
  searchedTo: 'Просмотрено до {time}.',
  cutAt:
    'О событии уведомлено много людей: показаны первые {count}. Укажите пользователя, чтобы найти его уведомления.',
  userName: 'имя пользователя',
  nothingFound: 'За это время ничего не найдено. Увеличьте период или уберите часть условий.',
  allWords: 'За это время ничего не найдено. Должны встретиться все слова: {words}.',
  unseenWords: 'Ни в чём из просмотренного нет: {words}.',
  otherWords: 'Уберите часть слов или возьмите другие либо увеличьте период.',
  copy: 'Копировать',
  copied: 'Скопировано',
  copyLink: 'Копировать ссылку',
  record: 'Запись',
  task: 'Задача',
  errors: {
    'invalid-request': 'Недопустимое значение в условиях поиска. Исправьте его и повторите поиск.',
    'redrive-runs': 'Сообщения этой ячейки уже возвращаются: дождитесь окончания.',
    'read-only': 'Только чтение: запустите консоль с --allow-repair.',
    'missing-variable':
      'Не хватает настройки: TENANTS_FILE (или применённых тенантов) либо --bucket с PayloadBucket ячейки.',
    ...actions.russian.actionErrors,
    ...letters.russian.letterErrors,
  },
  again: 'Обновить',
  groupGone: 'Под фильтр сейчас не подходит ни одно сообщение.',
  cutBody: 'Показано только начало. Всё сообщение: npx ecos-eventbridge dlq show --id {id}',
  contains: 'Содержит',
  read: 'Прочитать',
  close: 'Закрыть',
  newer: 'Более новые',
  show: 'Показать',
  showAll: 'Показать все',
  mend: 'Сначала устраните причину: {causes}. Иначе обработка снова не удастся и сообщения вернутся сюда.',
  nothingRests: 'Недоставленных сообщений нет, карантин пуст.',
  more: 'Прочитаны не все: число со знаком + означает «не меньше».',
  moreLetters:
    'Прочитаны не все недоставленные сообщения: у события могут быть и другие. Их находит npx ecos-eventbridge dlq show --cell {cell} --id {id}',
  groups: 'По причинам',
  choose: 'Выбрать',
  chooseNone: 'Снять выбор',
  chosen: 'Выбрано: {count}',
  sendBack: 'Вернуть в работу',
  readOnly: 'Только чтение: чтобы возвращать сообщения, запустите консоль с --allow-repair.',
  sure: 'Вернуть сообщений: {count}',
  sendTo: '{count} → {to}',
  brokerOf: 'мост, через очередь брокера тенанта {tenant}',
  safe: 'Каждое сообщение сначала отправляется и только потом удаляется. Повторных уведомлений никто не получит.',
  stop: 'Остановить',
  stopped: 'Остановлено. Невозвращённые сообщения остались в своих очередях.',
  progress: '{done} из {wanted}',
  leftBack: '{queue}, не возвращено: {count}.',
  notThere: 'Их уже нет, или их сейчас читает кто-то другой: обновите.',
  yes: 'Вернуть',
  no: 'Отмена',
  sentBack: 'Возвращено: {count}',
  reason: 'Причина',
  cause: 'Причина',
  queue: 'Очередь',
  message: 'Сообщение',
  count: 'Количество',
  unknown: 'неизвестно',
  chooseTenant: 'Выберите тенанта наверху.',
  state: 'Состояние',
  everyState: 'Все состояния',
  person: 'Пользователь',
  channel: 'Канал',
  tries: 'Доставки',
  noneThere: 'Нет данных.',
  everyone: 'все остальные',
  address: 'Адрес',
  off: 'отключён: {reason}',
}

/** @typedef {'en' | 'ru'} Language */

/**
 * @typedef {object} Words
 * @property {Language} language
 * @property {typeof english} text
 * @property {(text: string, values?: Readonly<Record<string, unknown>>) => string} fill replaces the placeholders of a text
 * @property {string} zone of the times
 * @property {(head: string) => string} inZone a head of times, with the zone's short name
 * @property {(value: number) => string} number
 * @property {(share: number) => string} percent of a share from 0 to 1
 * @property {(iso: string) => string} time without the date if it is today
 * @property {(iso: string) => string} clock the time alone
 * @property {(iso: string) => string} day the date alone
 * @property {(iso: string) => string} dated with the date
 * @property {(iso: string, now: string) => string} ago
 * @property {(milliseconds: number) => string} lasting a duration, with its unit
 * @property {(state: string) => string} state
 * @property {(outcome: string) => string} outcome
 * @property {(fault: import('../server/fault.ts').Fault) => string} fault which part is unknown, and why
 */

/**
 * @param {Language} language
 * @returns {Words}
 */
export function wordsIn(language) {
  const text = language === 'ru' ? russian : english
  // The reader's own English: 25/11 or 11/25.
  const locale = navigator.languages.find((name) => name.startsWith(language)) ?? language
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const calendar = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const formatted = (/** @type {Intl.DateTimeFormat} */ format, /** @type {string} */ iso) =>
    Number.isNaN(Date.parse(iso)) ? iso : format.format(new Date(iso))
  const numbers = new Intl.NumberFormat(locale)
  const percents = new Intl.NumberFormat(locale, { style: 'percent' })
  const unitOf = (/** @type {'millisecond' | 'second' | 'minute' | 'hour' | 'day'} */ unit) =>
    new Intl.NumberFormat(locale, {
      ...{ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 },
    })
  const [seconds, minutes, hours] = [unitOf('second'), unitOf('minute'), unitOf('hour')]
  const [milliseconds, days] = [unitOf('millisecond'), unitOf('day')]
  const zoneName =
    new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
      .formatToParts()
      .find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const number = (/** @type {number} */ value) => numbers.format(value)
  const named = (
    /** @type {Readonly<Record<string, string>>} */ names,
    /** @type {string} */ name,
  ) => (Object.hasOwn(names, name) ? (names[name] ?? name) : name)
  return {
    language,
    text,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    inZone: (head) => `${head} (${zoneName})`,
    number,
    percent: (share) => percents.format(share),
    fill: (pattern, values = {}) =>
      pattern.replace(/\{(\w+)\}/g, (_, name) => {
        const value = values[name] ?? ''
        return typeof value === 'number' ? number(value) : String(value)
      }),
    clock: (iso) => formatted(clock, iso),
    day: (iso) => formatted(date, iso),
    dated: (iso) => formatted(calendar, iso),
    time(iso) {
      const at = new Date(iso)
      if (Number.isNaN(at.getTime())) return iso
      const isToday = at.toDateString() === new Date().toDateString()
      return (isToday ? clock : calendar).format(at)
    },
    ago(iso, now) {
      const past = Math.max(0, Math.round((Date.parse(now) - Date.parse(iso)) / 1000))
      if (past < 120) return seconds.format(past)
      return past < 7_200
        ? minutes.format(Math.round(past / 60))
        : hours.format(Math.round(past / 3600))
    },
    lasting(time) {
      if (time < 1000) return milliseconds.format(Math.round(time))
      if (time < 120_000) return seconds.format(time / 1000)
      if (time < 7_200_000) return minutes.format(time / 60_000)
      return time < 172_800_000 ? hours.format(time / 3_600_000) : days.format(time / 86_400_000)
    },
    state: (state) => named(text.states, state),
    outcome: (outcome) => named(text.outcomes, outcome),
    fault: ({ part, kind }) => `${named(text.parts, part)} (${text.faults[kind]})`,
  }
}

/** @returns {Language} the address's `lang`, the last choice in this browser, or the browser's language */
export function firstLanguage() {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === 'ru' || asked === 'en') return asked
  const chosen = localStorage.getItem('language')
  return (chosen ?? navigator.language).startsWith('ru') ? 'ru' : 'en'
}
