/** What the page says of dead letters, in English. */
export const english = {
  readAgain: 'Reading the queues again …',
  readSoFar: 'Reading the queues … {count} so far',
  readOf: 'Reading the queues … {count} of about {all} so far',
  readAt: 'Read from {from} to {to}: {count}',
  listedAt: 'In the list of dead letters, as read at {time}: {count}',
  shownOf: '{from}–{to} of {count}',
  moreGroups: 'and {count} smaller groups',
  sendAllBack: 'Send back all {count}',
  sendFilteredBack: 'Send back all {count}: {filter}',
  allTypes: 'All types',
  allCauses: 'All causes',
  allQueues: 'All queues',
  openCause: 'By tenant and type',
  means: 'It means',
  refusals: {
    'empty-body': 'the message has no body',
    'not-utf8': 'the body is not UTF-8, and declares no other charset',
    'unknown-encoding': 'the body has an unknown content-encoding or charset',
    'broken-encoding': 'the body is not what its content-encoding or charset says',
    'too-large': 'the body unpacks to more than the bridge takes',
    'not-json': 'the body is not JSON',
    'not-an-event': 'the body is JSON, but not an event: {"data": {…}}',
    'no-type': 'the event names no type',
    'unknown-type': 'the event’s type is not in the catalogue',
    'type-mismatch': 'the event’s type differs from the routing key',
    'too-deep': 'the body is nested too deep',
    'unknown-tenant': 'it came by a queue or an exchange that is no tenant’s',
    'refused-by-bus': 'EventBridge refused its content',
    'not-gzip': 'the body is not gzip, or is cut short',
    'not-cbor': 'the body is not CBOR that the bridge can read',
    'not-an-event-2': 'the body is not an event 2.0: a field has a wrong form',
  },
  letterErrors: {
    'letter-gone': 'It is no longer in the list: it was sent back or removed. Refresh.',
    'letters-changed':
      'The list has changed since you looked at it. Look at it again, then send back.',
  },
  failedBack: 'Could not be sent, still there: {count}',
  checking: 'Trying whether they would fail again …',
  outlook: 'Before you send them back',
  outlookNothing:
    'Tried {count} without sending: nothing in the messages themselves speaks against it. Whether the cause is mended, only you know.',
  outlooks: {
    letter:
      '{count} of {tried} tried will fail again: this version still can’t read them ({code}). The event itself is at fault; sending it back changes nothing.',
    expired:
      '{count} of {tried} tried will expire again: their time to live is over. Use “Send again” on the event’s page, or dlq redrive --renew.',
    tenant:
      '{count} of {tried} tried will be quarantined again: the tenant is still unknown. Add it to tenants.yml first.',
  },
  cameBack:
    'Letters of this cause were sent back on {time} by {user}; {count} of those here have failed since. The cause still held.',
  willFail: {
    letter: 'If it is sent back now, it fails again: this version can’t read it ({code}).',
    expired:
      'If it is sent back now, it expires again. Use “Send again” on the event’s page, or dlq redrive --renew.',
    tenant: 'If it is sent back now, it is quarantined again: its tenant is still unknown.',
  },
  compared: 'Compared with an event that passed',
  comparedEvent: 'of the same type and tenant, seen on {time}:',
  comparedExample:
    'No event of this type and tenant has passed while this console watched, so it is compared with the type’s example:',
  noDifference: 'The same fields, of the same kinds.',
  differences: {
    missing: '{field} is missing ({kind} there)',
    added: '{field} is added ({kind})',
    kind: '{field} is {kind} here, and {was} there',
  },
  wholeData: 'the data as a whole',
  kinds: {
    object: 'an object',
    list: 'a list',
    text: 'a text',
    number: 'a number',
    'yes-or-no': 'true or false',
    null: 'empty',
  },
}

/** @type {typeof english} */
export const russian = {
  readAgain: 'Читаем очереди заново …',
  readSoFar: 'Читаем очереди … пока {count}',
  readOf: 'Читаем очереди … пока {count} примерно из {all}',
  readAt: 'Прочитано с {from} до {to}: {count}',
  listedAt: 'В списке недоставленных, прочитанном в {time}: {count}',
  shownOf: '{from}–{to} из {count}',
  moreGroups: 'и ещё меньших групп: {count}',
  sendAllBack: 'Вернуть все: {count}',
  sendFilteredBack: 'Вернуть {count}: {filter}',
  allTypes: 'Все типы',
  allCauses: 'Все причины',
  allQueues: 'Все очереди',
  openCause: 'По тенантам и типам',
  means: 'Это значит',
  refusals: {
    'empty-body': 'у сообщения нет тела',
    'not-utf8': 'тело сообщения — не UTF-8, и другая кодировка не указана',
    'unknown-encoding': 'неизвестный content-encoding или кодировка тела',
    'broken-encoding': 'тело не соответствует своему content-encoding или кодировке',
    'too-large': 'в распакованном виде тело больше, чем принимает мост',
    'not-json': 'тело сообщения — не JSON',
    'not-an-event': 'тело — JSON, но не событие: {"data": {…}}',
    'no-type': 'у события не указан тип',
    'unknown-type': 'типа события нет в каталоге',
    'type-mismatch': 'тип события не совпадает с ключом маршрутизации',
    'too-deep': 'тело имеет слишком большую вложенность',
    'unknown-tenant': 'пришло через очередь или обменник, которые не принадлежат ни одному тенанту',
    'refused-by-bus': 'EventBridge отвергла содержимое',
    'not-gzip': 'тело — не gzip или обрезано',
    'not-cbor': 'тело — не CBOR, который мост может прочитать',
    'not-an-event-2': 'тело — не событие 2.0: у одного из полей неверный вид',
  },
  letterErrors: {
    'letter-gone': 'Сообщения больше нет в списке: его вернули или удалили. Обновите.',
    'letters-changed':
      'С тех пор, как вы смотрели, список изменился. Посмотрите ещё раз и повторите.',
  },
  failedBack: 'Не удалось отправить, остались на месте: {count}',
  checking: 'Проверяем, не повторится ли ошибка …',
  outlook: 'Прежде чем возвращать',
  outlookNothing:
    'Проверено без отправки: {count}. В самих сообщениях препятствий нет. Устранена ли причина, знаете только вы.',
  outlooks: {
    letter:
      'Из {tried} проверенных {count} снова не пройдут: эта версия по-прежнему не может их прочитать ({code}). Дело в самом событии, возврат ничего не изменит.',
    expired:
      'Из {tried} проверенных {count} снова истекут: их срок жизни закончился. Используйте «Отправить ещё раз» на странице события или dlq redrive --renew.',
    tenant:
      'Из {tried} проверенных {count} снова попадут в карантин: тенант по-прежнему неизвестен. Сначала добавьте его в tenants.yml.',
  },
  cameBack:
    'Сообщения с этой причиной уже возвращал {user}, {time}; из показанных здесь с тех пор снова не прошло {count}. Причина оставалась.',
  willFail: {
    letter:
      'Если вернуть его сейчас, ошибка повторится: эта версия не может его прочитать ({code}).',
    expired:
      'Если вернуть его сейчас, срок снова истечёт. Используйте «Отправить ещё раз» на странице события или dlq redrive --renew.',
    tenant: 'Если вернуть его сейчас, оно снова попадёт в карантин: тенант по-прежнему неизвестен.',
  },
  compared: 'Сравнение с событием, которое прошло',
  comparedEvent: 'того же типа и тенанта, замечено {time}:',
  comparedExample:
    'Пока консоль наблюдает, ни одно событие этого типа и тенанта не прошло, поэтому сравнение — с примером типа:',
  noDifference: 'Те же поля тех же видов.',
  differences: {
    missing: 'нет поля {field} (там {kind})',
    added: 'лишнее поле {field} ({kind})',
    kind: 'поле {field}: здесь {kind}, там {was}',
  },
  wholeData: 'данные целиком',
  kinds: {
    object: 'объект',
    list: 'список',
    text: 'текст',
    number: 'число',
    'yes-or-no': 'да или нет',
    null: 'пусто',
  },
}
