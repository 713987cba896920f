/** Every text of the page, in both languages. */
const english = {
  title: 'ECOS events',
  skip: 'To the content',
  cell: 'Cell',
  tenant: 'Tenant',
  everyTenant: 'All tenants',
  language: 'Русский',
  views: 'Views',
  picture: 'Pipeline',
  events: 'Now',
  search: 'Search',
  letters: 'Dead letters',
  notifications: 'Notifications',
  subscriptions: 'Subscriptions',
  runbook: 'Runbook',
  loading: 'Asking …',
  looking: 'Looking at the live system …',
  lost: 'The console does not answer: it is tried again. Until then these figures are old.',
  refused:
    'The console was started again: open the address that it prints now. Until then these figures are old.',
  broken: 'This view could not be shown. The others are there: choose one above.',
  zone: 'Times are those of {zone}.',
  verdict: 'How it is',
  moreTroubles: 'and {count} more',
  well: 'All is well',
  red: 'Something is wrong',
  warn: 'Worth a look',
  troubles: {
    'dead-letters': 'dead letters of {where}: {count}',
    quarantined: 'in the quarantine, could not be bridged: {count}',
    stuck: '{where}: nothing gets through for 5 minutes, waiting: {count}',
    slow: '{where}: waits for 2 minutes, waiting: {count}',
    failing: '{where}: deliveries that failed in the last minute for {tenant}: {count}',
    unknown: 'could not be asked: {text}',
  },
  todo: {
    'dead-letters': 'See why, mend the cause, then send back one, and the rest.',
    quarantined: 'See why: what was sent could not be read. Mend it where it comes from.',
    stuck: 'See whether what takes from there runs, and what its log says.',
    slow: 'Goes red after 5 minutes, unless it gets through.',
    failing: 'The other side refuses or is away: the reasons are under “Now”.',
    unknown: 'See what is not allowed or not reached: npx ecos-eventbridge doctor',
  },
  broker: 'Broker',
  noBroker: 'Set AMQP_URL and TENANTS_FILE to see it',
  others: 'and {count} more: choose one above',
  bus: 'Bus',
  handlers: 'Event handlers',
  channels: 'Channels',
  quarantine: 'Quarantine',
  perMinute: '{count}/min',
  waiting: 'waiting {count}',
  inFlight: 'in work {count}',
  delayed: 'later {count}',
  since: 'for {time}',
  dead: 'dead {count}',
  pause: 'Pause',
  resume: 'Go on',
  held: 'Held still: what passes meanwhile comes afterwards.',
  passed: 'Events as they pass, the latest first',
  nothingPassed: 'Nothing has passed of late. What passes now appears here by itself.',
  when: 'When',
  type: 'Type',
  about: 'About',
  event: 'Event',
  id: 'Id of an event',
  find: 'Find',
  searchFor: 'An id shows the whole way: bus, handler, notifications with each try, dead letters.',
  way: 'The way of the event',
  notFound:
    'No handler has met an event with this id within 30 days, and no dead letter has it. It may still wait at the broker.',
  onBus: 'Passed the bus',
  result: '{type} on the bus ({channel})',
  handled: 'Handled: {state}; recipients {recipients}, notifications {notifications}',
  failed: 'Handling failed: {code}: {reason} (tries: {tries})',
  created: 'Notification for {username} by {channel}',
  delivery: '{channel} to {username}: {outcome}',
  isNow: '{channel} to {username}, now: {state}; tries: {attempts}',
  heldUntil: 'held until {time}',
  inDigest: 'went into the digest {id}',
  resent: 'sent again by hand: {count}',
  rests: 'Rests in {queue}: {reason}',
  noReason: 'reason unknown',
  again: 'Look again',
  nothingRests: 'Nothing rests in any queue.',
  more: 'There are more than are shown.',
  groups: 'What rests, by tenant, type and reason',
  choose: 'Choose',
  chooseAll: 'Choose all',
  chooseNone: 'Choose none',
  chosen: 'Chosen: {count}',
  sendBack: 'Send back',
  readOnly: 'Read only: start the console with --allow-repair to send messages back.',
  sure: 'Messages to send back: {count}',
  sendTo: '{count} → {to}',
  brokerOf: 'the bridge, by the broker’s queue of {tenant}',
  safe: 'Each is sent first and removed then. Who was already told is not told again.',
  stop: 'Stop',
  stopped: 'Stopped. What was not sent back rests where it was.',
  progress: '{done} of {wanted}',
  leftBack: '{queue}, not sent back: {count}.',
  notThere: 'They are gone, or somebody else looks at them: look again.',
  yes: 'Send back',
  no: 'Cancel',
  sentBack: 'Sent back: {count}',
  reason: 'Reason',
  queue: 'Queue',
  message: 'Message',
  count: 'Count',
  unknown: 'unknown',
  chooseTenant: 'Choose a tenant above.',
  state: 'State',
  everyState: 'All states',
  person: 'Person',
  channel: 'Channel',
  tries: 'Tries',
  noneThere: 'There are none.',
  everyone: 'everyone else',
  address: 'Address',
  off: 'switched off: {reason}',
  states: {
    WAIT_FOR_DISPATCH: 'waits',
    SENT: 'sent',
    ERROR: 'failed',
    EXPIRED: 'expired',
    CANCELLED: 'cancelled',
    BLOCKED: 'blocked',
    RECIPIENTS_NOT_FOUND: 'nobody to tell',
    HANDLED: 'done',
  },
  outcomes: {
    sent: 'sent',
    transient: 'failed, is tried again',
    permanent: 'refused for good',
    gone: 'the address is gone',
  },
}

/** @type {typeof english} */
const russian = {
  title: 'События ECOS',
  skip: 'К содержанию',
  cell: 'Ячейка',
  tenant: 'Тенант',
  everyTenant: 'Все тенанты',
  language: 'English',
  views: 'Разделы',
  picture: 'Конвейер',
  events: 'Сейчас',
  search: 'Поиск',
  letters: 'Недоставленные',
  notifications: 'Уведомления',
  subscriptions: 'Подписки',
  runbook: 'Инструкция',
  loading: 'Запрашиваем …',
  looking: 'Смотрим на работающую систему …',
  lost: 'Консоль не отвечает: пробуем снова. До тех пор цифры здесь старые.',
  refused:
    'Консоль запущена заново: откройте адрес, который она теперь печатает. До тех пор цифры здесь старые.',
  broken: 'Этот раздел показать не удалось. Остальные доступны: выберите наверху.',
  zone: 'Время указано для пояса {zone}.',
  verdict: 'Состояние',
  moreTroubles: 'и ещё {count}',
  well: 'Всё в порядке',
  red: 'Есть неисправность',
  warn: 'Стоит взглянуть',
  troubles: {
    'dead-letters': 'недоставленные сообщения, {where}: {count}',
    quarantined: 'в карантине, не удалось перенести на шину: {count}',
    stuck: '{where}: 5 минут ничего не проходит, ждут: {count}',
    slow: '{where}: ждут дольше 2 минут: {count}',
    failing: '{where}: не доставлено за минуту для {tenant}: {count}',
    unknown: 'не удалось узнать: {text}',
  },
  todo: {
    'dead-letters': 'Посмотрите причину, устраните её, верните одно сообщение, затем остальные.',
    quarantined:
      'Посмотрите причину: присланное не удалось прочесть. Исправлять нужно у отправителя.',
    stuck: 'Проверьте, работает ли то, что берёт отсюда, и что в его журнале.',
    slow: 'Станет красным через 5 минут, если не пройдёт.',
    failing: 'Другая сторона отказывает или недоступна: причины в разделе «Сейчас».',
    unknown: 'Посмотрите, что запрещено или недоступно: npx ecos-eventbridge doctor',
  },
  broker: 'Брокер',
  noBroker: 'Видно, если заданы AMQP_URL и TENANTS_FILE',
  others: 'и ещё {count}: выберите наверху',
  bus: 'Шина',
  handlers: 'Обработчики событий',
  channels: 'Каналы',
  quarantine: 'Карантин',
  perMinute: '{count}/мин',
  waiting: 'ждут {count}',
  inFlight: 'в работе {count}',
  delayed: 'позже {count}',
  since: 'уже {time}',
  dead: 'не доставлено {count}',
  pause: 'Пауза',
  resume: 'Дальше',
  held: 'Остановлено: то, что проходит сейчас, появится потом.',
  passed: 'События на шине, последние сверху',
  nothingPassed: 'В последнее время ничего не прошло. Новое появится здесь само.',
  when: 'Когда',
  type: 'Тип',
  about: 'О чём',
  event: 'Событие',
  id: 'Идентификатор события',
  find: 'Найти',
  searchFor:
    'По идентификатору виден весь путь: шина, обработчик, уведомления с каждой попыткой, недоставленные.',
  way: 'Путь события',
  notFound:
    'За 30 дней обработчики не видели такого события, и среди недоставленных его нет. Возможно, оно ещё ждёт у брокера.',
  onBus: 'Прошло по шине',
  result: '{type} на шине ({channel})',
  handled: 'Обработано: {state}; получателей {recipients}, уведомлений {notifications}',
  failed: 'Обработка не удалась: {code}: {reason} (попыток: {tries})',
  created: 'Уведомление для {username}, канал {channel}',
  delivery: '{channel} для {username}: {outcome}',
  isNow: '{channel} для {username}, сейчас: {state}; попыток: {attempts}',
  heldUntil: 'отложено до {time}',
  inDigest: 'вошло в сводку {id}',
  resent: 'отправлено повторно вручную: {count}',
  rests: 'Лежит в {queue}: {reason}',
  noReason: 'причина неизвестна',
  again: 'Обновить',
  nothingRests: 'Все очереди пусты.',
  more: 'Показаны не все.',
  groups: 'Что лежит: по тенантам, типам и причинам',
  choose: 'Выбрать',
  chooseAll: 'Выбрать все',
  chooseNone: 'Снять выбор',
  chosen: 'Выбрано: {count}',
  sendBack: 'Вернуть в работу',
  readOnly: 'Только чтение: чтобы возвращать сообщения, запустите консоль с --allow-repair.',
  sure: 'Вернуть сообщений: {count}',
  sendTo: '{count} → {to}',
  brokerOf: 'мост, через очередь брокера для {tenant}',
  safe: 'Каждое сначала отправляется и лишь потом удаляется. Кому уже сообщили, тому не сообщат снова.',
  stop: 'Остановить',
  stopped: 'Остановлено. Что не вернулось, лежит там же.',
  progress: '{done} из {wanted}',
  leftBack: '{queue}, не возвращено: {count}.',
  notThere: 'Их уже нет, или на них кто-то смотрит: обновите.',
  yes: 'Вернуть',
  no: 'Отмена',
  sentBack: 'Возвращено: {count}',
  reason: 'Причина',
  queue: 'Очередь',
  message: 'Сообщение',
  count: 'Сколько',
  unknown: 'неизвестно',
  chooseTenant: 'Выберите тенанта наверху.',
  state: 'Состояние',
  everyState: 'Все состояния',
  person: 'Кто',
  channel: 'Канал',
  tries: 'Попыток',
  noneThere: 'Ничего нет.',
  everyone: 'все остальные',
  address: 'Адрес',
  off: 'выключено: {reason}',
  states: {
    WAIT_FOR_DISPATCH: 'ждёт',
    SENT: 'отправлено',
    ERROR: 'ошибка',
    EXPIRED: 'устарело',
    CANCELLED: 'отменено',
    BLOCKED: 'заблокировано',
    RECIPIENTS_NOT_FOUND: 'некому сообщать',
    HANDLED: 'готово',
  },
  outcomes: {
    sent: 'отправлено',
    transient: 'не удалось, будет повтор',
    permanent: 'окончательный отказ',
    gone: 'адреса больше нет',
  },
}

/** @typedef {'en' | 'ru'} Language */

/**
 * @typedef {object} Words
 * @property {Language} language
 * @property {typeof english} text
 * @property {(text: string, values?: Readonly<Record<string, unknown>>) => string} fill puts values in the places of a text
 * @property {string} zone of the times
 * @property {(value: number) => string} number
 * @property {(iso: string) => string} time without the day where it is today
 * @property {(iso: string, now: string) => string} ago
 * @property {(state: string) => string} state
 * @property {(outcome: string) => string} outcome
 */

/**
 * @param {Language} language
 * @returns {Words}
 */
export function wordsIn(language) {
  const text = language === 'ru' ? russian : english
  // The reader's own English: 25/11 is not 11/25.
  const locale = navigator.languages.find((name) => name.startsWith(language)) ?? language
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const calendar = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const numbers = new Intl.NumberFormat(locale)
  const lasting = (/** @type {'second' | 'minute' | 'hour'} */ unit) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
  const [seconds, minutes, hours] = [lasting('second'), lasting('minute'), lasting('hour')]
  const number = (/** @type {number} */ value) => numbers.format(value)
  const named = (
    /** @type {Readonly<Record<string, string>>} */ names,
    /** @type {string} */ name,
  ) => (Object.hasOwn(names, name) ? (names[name] ?? name) : name)
  return {
    language,
    text,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    number,
    fill: (pattern, values = {}) =>
      pattern.replace(/\{(\w+)\}/g, (_, name) => {
        const value = values[name] ?? ''
        return typeof value === 'number' ? number(value) : String(value)
      }),
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
    state: (state) => named(text.states, state),
    outcome: (outcome) => named(text.outcomes, outcome),
  }
}

/** @returns {Language} what was chosen here before, or what the browser wants */
export function firstLanguage() {
  const chosen = localStorage.getItem('language')
  return (chosen ?? navigator.language).startsWith('ru') ? 'ru' : 'en'
}
