/** What commands print for people, by their English words. `{name}` stands for a value. */
export const results = {
  // Everywhere
  'Nothing matches.': 'Ничего не найдено.',
  'Did you mean {word}?': 'Возможно, вы имели в виду {word}?',
  '{what}: {done} of {seen} seen': '{what}: {done} из {seen} просмотренных',
  Added: 'Добавлено',
  'Added, with the address {address}': 'Добавлено, с адресом {address}',
  Removed: 'Удалено',
  'Removed: {what}': 'Удалено: {what}',
  Done: 'Готово',
  'Examples:': 'Примеры:',
  'Example:': 'Пример:',
  required: 'обязательный',
  none: 'нет',
  'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 found something that needs a hand.':
    'Коды завершения: 0 готово, 1 ошибка, 2 неверная командная строка, 3 нашлось то, что требует вмешательства.',

  // bridge
  '{tenant} is unbound': '{tenant}: привязки удалены',
  '{tenants} tenants have {kind} queues': 'Тенантов с очередями {kind}: {tenants}',
  '{queue}: {moved} messages moved': '{queue}: перенесено сообщений: {moved}',
  '{queue}: {moved} messages moved; {left} of no tenant stay':
    '{queue}: перенесено сообщений: {moved}; остались, ничьи: {left}',
  'no event types': 'нет типов событий',
  '{tenant} is withdrawn: {deleted} registrations of {target} are deleted, and {queue} is unbound':
    '{tenant} снят с регистрации: удалено регистраций {target}: {deleted}; {queue}: привязка удалена',

  // console
  'Console {url}': 'Консоль {url}',
  'The page may repair. Each repair is on record (ecos-eventbridge audit).':
    'Странице разрешено исправлять. Каждое действие записывается (ecos-eventbridge audit).',
  'Read only: --allow-repair lets the page repair.':
    'Только чтение: --allow-repair разрешает странице исправлять.',

  // dlq
  'No dead letters.': 'Недоставленных сообщений нет.',
  '{hidden} more groups: --limit shows them': 'Не показано групп: {hidden}; их покажет --limit',
  'One message: dlq show --id <id>': 'Одно сообщение: dlq show --id <id>',
  '{queue}: {messages} of about {depth}; only {read} were read':
    '{queue}: {messages} примерно из {depth}; прочитаны только {read}',
  '{queue}: {messages} of about {depth}; the others do not match, or are hidden':
    '{queue}: {messages} примерно из {depth}; остальные не подходят под условия или скрыты',
  'Messages: {messages}, in 1 queue': 'Сообщений: {messages}, очередей: 1',
  'Messages: {messages}, in {queues} queues': 'Сообщений: {messages}, очередей: {queues}',
  '{queue} holds more: only {read} messages were read':
    '{queue}: прочитано сообщений: {read}, есть ещё',
  '{queue} has {left} more that match: --limit shows them':
    '{queue}: подходят ещё {left}; их покажет --limit',
  'Sent back:': 'Возвращено в работу:',
  'Would be sent back (add --run to do it):': 'Было бы возвращено в работу (выполнить: --run):',
  'Removed: {removed}, kept in {file}': 'Удалено: {removed}, сохранено в {file}',
  'Remove {count} messages? Type yes: ': 'Удалить сообщений: {count}? Введите yes: ',

  // doctor
  'ok    ': 'ok       ',
  'WRONG ': 'ОШИБКА   ',
  '-     ': '-        ',

  // migrate
  'Tenant {tenant}': 'Тенант {tenant}',
  'not there': 'нет',
  there: 'есть',
  '{messages} messages, {consumers} consumers': 'сообщений: {messages}, потребителей: {consumers}',
  'What run does': 'Что сделает run',
  'Note: {note}': 'Замечание: {note}',
  'In the way: {obstacle}': 'Мешает: {obstacle}',

  // notifications
  'There may be more: {option}': 'Возможно, есть ещё: {option}',
  'held until {time}': 'отложено до {time}',
  'Sends notifications in {states} again': 'Отправить повторно уведомления в состоянии {states}',
  Cancelled: 'Отменено',
  Queued: 'Поставлено в очередь',
  'It could not be planned before: it is planned again now, and `notifications show` tells how that ended':
    'Раньше его не удалось составить: сейчас оно составляется заново, чем кончилось, покажет `notifications show`',
  '{done} resent': 'отправлено повторно: {done}',
  'Resent:': 'Отправлено повторно:',
  'Would be resent (add --run to do it):': 'Было бы отправлено повторно (выполнить: --run):',
  'There are more: repeat the command for them.': 'Есть ещё: повторите команду.',
  'Not resent: {left}': 'Не отправлено: {left}',
  'SENT: the provider has accepted it': 'SENT: провайдер принял сообщение',

  // people, subscriptions, attributes
  'Would import {counts}': 'Было бы импортировано: {counts}',
  note: 'примечание',
  refused: 'отвергнуто',
  'Would remove {path}': 'Был бы удалён {path}',
  'Removed {path}': 'Удалён {path}',
  'Imported {counts}': 'Импортировано: {counts}',
  '{templates} templates as {files} files in {folder}':
    'шаблонов: {templates}, файлов: {files}, в {folder}',
  'In them is what they use of {libraries}': 'В них вошло то, что они берут из {libraries}',
  '{template} asks for {attributes}': '{template} запрашивает {attributes}',
  '{people} people; {refused} refused': 'людей: {people}; отвергнуто: {refused}',
  '{subscriptions} subscriptions with {actions} actions; {refused} refused':
    'подписок: {subscriptions}, действий в них: {actions}; отвергнуто: {refused}',
  'Nothing was kept': 'Ничего не хранилось',
  Set: 'Сохранено',
  'Switched off': 'Отключено',
  'Switched on': 'Включено',
  'There is nothing to remove': 'Удалять нечего',
  'For a day, requests are signed with the previous key too':
    'Ещё сутки запросы подписываются и прежним ключом',
  'The signing key of {endpoint}, shown only now:':
    'Ключ подписи для {endpoint}, показан только сейчас:',
  'It works for {days} days, without a login: give it to nobody else':
    'Ссылка действует дней: {days}, вход не нужен; никому её больше не передавайте',
  'Revoked. Later mails have new links': 'Отозваны. В следующих письмах будут новые ссылки',
  'Push leaves out {names}: FCM reserves the name':
    'В push не попадёт {names}: это имя FCM оставляет за собой',
  'Make its keys with "subscriptions rotate-key"':
    'Создайте ключи командой "subscriptions rotate-key"',
  '(everyone else)': '(все остальные)',
  preferences: 'личные настройки',
  person: 'человек',
  'broken: {fault}': 'негодное: {fault}',
  'switched off on {at}: {reason}': 'отключён {at}: {reason}',
  'does not fit the schema and has no effect: remove it':
    'не подходит под схему и не действует: удалите',
  'in {locale}': 'язык {locale}',
  'by the template {template}': 'шаблон {template}',
  'if {condition}': 'если {condition}',
  'with {values}': 'со значениями {values}',
  'remind {reminders}': 'напомнить {reminders}',
  'remind never': 'не напоминать',
  'then {place} after {minutes}m': 'затем {place} через {minutes} мин',

  // replay
  Replayed: 'Воспроизведено',
  'Cancelled; events that were replayed before stay so':
    'Отменено; уже воспроизведённые события остаются',
  'Would be replayed (add --run to do it):': 'Было бы воспроизведено (выполнить: --run):',
  'tenant {tenant}: {types}': 'тенант {tenant}: {types}',
  'from {from} to {to}': 'с {from} по {to}',
  'Everybody is told again, even of events that were handled before.':
    'Уведомят всех снова, даже об уже обработанных событиях.',
  'Events that were handled before are not handled again; --again tells everybody again.':
    'Уже обработанные события снова не обрабатываются; --again уведомит всех снова.',
  'Events of the last {minutes} minutes may not be archived yet.':
    'Событий за последние минуты ({minutes}) в архиве может ещё не быть.',

  // tail, templates
  'Watching ecos-{cell}: Ctrl-C ends it': 'Наблюдаем за ecos-{cell}: Ctrl-C завершает',
  'No faults. Files in {folder}: {count}': 'Ошибок нет; файлов в {folder}: {count}',
  'No faults. Files in {folder}: {count}; the subscriptions of {cell} are checked too':
    'Ошибок нет; файлов в {folder}: {count}; подписки ячейки {cell} проверены',
  'Template: {path}': 'Шаблон: {path}',
  'Title: {title}': 'Заголовок: {title}',
  '(parts: {parts})': '(частей: {parts})',

  // tenants
  'Applied: version {version}. Functions and workers read it within 30 s.':
    'Применено: версия {version}. Функции и воркеры прочитают её в течение 30 с.',
  'Apply this? Type yes: ': 'Применить? Введите yes: ',
  'nothing is applied yet': 'ещё ничего не применено',
  'version {version} is applied': 'применена версия {version}',
  'Cell {cell}: {applied}': 'Ячейка {cell}: {applied}',
  '; to do:': '; предстоит:',
  'add {id}': 'добавить {id}',
  'remove {id}': 'убрать {id}',
  'move {id} to another cell': 'перевести {id} в другую ячейку',
  'change {id}: {fields}': 'изменить {id}: {fields}',
  'leave the queue of {id} to its new cell': 'оставить очередь {id} его новой ячейке',
  'It can not be read, and is replaced as a whole: tenants that were leaving are forgotten.':
    'Её нельзя прочитать, она заменяется целиком: об уходивших тенантах забудется.',
  'no change': 'без изменений',
  '… and {more} more: see --json': '… и ещё {more}: см. --json',
  'Deploy first, which applies the file too: the bus lacks {rules}':
    'Сначала разверните ячейку, файл применится тоже: на шине нет {rules}',
  'Removed tenants: the bridges unbind their queues, and drain them for {days} days.':
    'Убранные тенанты: мосты отвяжут их очереди и будут вычитывать их ещё дней: {days}.',
  'Moved tenants: the bridges let their queues go, and events wait there for the other cell.':
    'Переехавшие тенанты: мосты оставляют их очереди, и события ждут там другую ячейку.',
  'If the cell has pooled queues, change it over to own queues first (QUEUES=own ecos-eventbridge bridge change-over): "tenants carry" takes no tenant out of a pool.':
    'Если очереди ячейки общие, сначала переведите её на отдельные (QUEUES=own ecos-eventbridge bridge change-over): из общей очереди «tenants carry» тенанта не перенесёт.',
  'Other partitions: if the cell has pooled queues, run "bridge change-over" first, or its bridges refuse these tenants until you do.':
    'Другие партиции: если очереди ячейки общие, сначала выполните «bridge change-over», иначе её мосты будут отказывать этим тенантам, пока вы этого не сделаете.',
  'A deployment is needed too: {reason}': 'Нужно и развёртывание: {reason}',
  '{file} is written': '{file}: записано',
  'Next:': 'Дальше:',
  'shows what would change': 'показывает, что изменится',
  'makes the change': 'применяет изменение',
  'waiting for {reason}': 'ждём: {reason}',
  '{used} of {limit}': '{used} из {limit}',
  '{tenant} stays in {cell}, which has {held} held notifications back':
    '{tenant} остаётся в {cell}; возвращено отложенных уведомлений: {held}',
  '{tenant} is carried from {from} to {to}: {subscriptions} subscriptions, {listeners} listeners, {records} records, {held} held notifications':
    '{tenant} перенесён из {from} в {to}: подписок {subscriptions}, слушателей {listeners}, записей {records}, отложенных уведомлений {held}',
  'What gives out next in each cell, with two notifications an event (docs/scale.md):':
    'Что кончится первым в каждой ячейке, при двух уведомлениях на событие (docs/scale.md):',
  'Next to give out: {part}, at {events} events/s or {calls} PutEvents calls/s; raise {raise} (docs/scale.md).':
    'Первым кончится: {part}, при {events} событиях/с, или {calls} вызовах PutEvents/с; увеличить: {raise} (docs/scale.md).',
  "The rules on the bus beside the cell's own could not be counted: doctor says why.":
    'Сколько на шине правил, кроме собственных правил ячейки, узнать не удалось: причину скажет doctor.',
  "Rules on the bus beside the cell's own, such as those of tenants' functions: {others}; left of {limit}: {left}.":
    'Правил на шине, кроме собственных правил ячейки (например, для функций тенантов): {others}; из {limit} осталось: {left}.',
  'A million events cost {inTens} in a busy cell, and {alone} where each comes alone (docs/cost.md).':
    'Миллион событий стоит {inTens} в загруженной ячейке и {alone}, если каждое приходит отдельно (docs/cost.md).',
} as const
