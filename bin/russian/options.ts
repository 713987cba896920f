/** What options mean, as `--help` says it. */
export const options = {
  'print the version': 'вывести версию',
  'the cell': 'ячейка',
  "the tenant's id": 'идентификатор тенанта',
  'the tenant': 'тенант',
  'the partitions of the cell, as it is deployed': 'число партиций ячейки, как она развёрнута',
  'print one JSON document': 'вывести один документ JSON',
  'how to print the result': 'в каком виде вывести результат',
  'do it; without this option it is only announced':
    'выполнить; без этого параметра только показать, что будет сделано',
  'from this time on: 2h (ago), yesterday, or ISO 8601':
    'начиная с этого времени: 2h (назад), yesterday или ISO 8601',
  'before this time': 'до этого времени',
  'show at most this many results': 'показать не больше стольких результатов',
  'messages per second': 'сообщений в секунду',
  'notifications per second': 'уведомлений в секунду',
  'look again every so many seconds until Ctrl-C (5 if none are given)':
    'обновлять каждые столько секунд до Ctrl-C (5, если не указано)',
  "the table (default: the cell's own)": 'таблица (по умолчанию таблица ячейки)',
  "the table, if not the cell's own": 'таблица, если не собственная таблица ячейки',
  "the listener's name, of the tenant's choice": 'имя слушателя, на выбор тенанта',
  'the event type': 'тип события',
  'attribute paths of the Records API: author.email': 'пути атрибутов в Records API: author.email',
  'only events that match this predicate': 'только события, для которых выполняется этот предикат',
  'the broker, by its name in tenants.yml': 'брокер, по имени в tenants.yml',
  'how many partitions the cell had, if more': 'сколько партиций было у ячейки, если больше',
  'also delete its queues that are empty and have no consumers':
    'удалить и его очереди, если они пусты и без потребителей',
  "its target (default: the tenant's own in TENANTS_FILE)":
    'его target (по умолчанию из TENANTS_FILE)',
  'only this cell (default: all cells)': 'только эта ячейка (по умолчанию все)',
  'the port on 127.0.0.1; 0 takes a free one': 'порт на 127.0.0.1; 0 — любой свободный',
  'let the page send dead letters back, resend, cancel and test notifications, and switch addresses':
    'разрешить странице возвращать сообщения в работу, повторять, отменять и проверять уведомления, переключать адреса',
  'only this queue': 'только эта очередь',
  'only events of this type': 'только события этого типа',
  'only messages whose reason contains this text':
    'только сообщения, причина которых содержит этот текст',
  'only this event, notification or message; its first 6 characters do':
    'только это событие, уведомление или сообщение; достаточно первых 6 символов',
  'end with 3 if there is a message': 'завершиться с кодом 3, если есть хоть одно сообщение',
  'give notifications a new time to live, which may be over by now':
    'дать уведомлениям новое время жизни: прежнее, возможно, уже истекло',
  'a new file: one JSON document a line': 'новый файл: по документу JSON в строке',
  'do not ask': 'не спрашивать',
  'path of tenants.yml': 'путь к tenants.yml',
  'the tenant, as in the tenants file': 'тенант, как в файле тенантов',
  'NAME of the old queue tenant.<id>.NAME': 'NAME старой очереди tenant.<id>.NAME',
  'proceed although other consumers are attached': 'продолжать, хотя подключены другие потребители',
  'then delete the old queues; this cannot be undone':
    'затем удалить старые очереди; отменить это нельзя',
  "the person's user name": 'имя пользователя',
  'only those of this event; its first 6 characters do':
    'только об этом событии; достаточно первых 6 символов',
  'only those in this state': 'только в этом состоянии',
  'go on where the last list ended': 'продолжить с того места, где кончился прошлый список',
  "the notification's id; its first 6 characters do":
    'идентификатор уведомления; достаточно первых 6 символов',
  'all in this state': 'все в этом состоянии',
  'only by this channel': 'только по этому каналу',
  'resend at most this many': 'отправить повторно не больше стольких',
  "the cell's bucket of payloads: PayloadBucketName, an output of its stack":
    'бакет данных ячейки: PayloadBucketName среди выходов её стека',
  'the channel': 'канал',
  'whose subscription or rule gives the address': 'по чьей подписке или правилу взять адрес',
  'how long to wait for the outcome': 'сколько секунд ждать исхода',
  "as other people know them; '' removes it, and so for the others":
    "как человека знают другие; '' удаляет имя, и так же остальное",
  'the mail address': 'адрес почты',
  'the number for SMS': 'номер для SMS',
  "the chat's id": 'идентификатор чата',
  'the language': 'язык',
  'the time zone, such as Europe/Moscow': 'часовой пояс, например Europe/Moscow',
  'import the others if some are refused': 'импортировать остальное, если что-то отвергнуто',
  'write nothing, only say what would be imported':
    'ничего не записывать, только показать, что будет импортировано',
  'the rules of the tenant, by their full names': 'правила тенанта, полными именами',
  'the account of the cell': 'аккаунт ячейки',
  "the cell's region": 'регион ячейки',
  "the cell's bucket of payloads": 'бакет данных ячейки',
  "the tenant's own account, if its rules are written from there":
    'собственный аккаунт тенанта, если правила создаются оттуда',
  'tell everybody again, even of events that were handled before; 24 hours at most':
    'уведомить всех снова, даже об уже обработанных событиях; не больше чем за 24 часа',
  "how long the replay's new rules take to be in force":
    'через сколько секунд начинают действовать новые правила воспроизведения',
  "the tenant's rule for all who have no subscription of their own":
    'правило тенанта для всех, у кого нет своей подписки',
  'where the channel delivers to': 'куда доставляет канал',
  "the language, if not the person's or the tenant's": 'язык, если не язык человека или тенанта',
  "the template, if not the event type's own": 'шаблон, если не собственный шаблон типа события',
  'a predicate on the event: docs/notifications.md':
    'предикат на событие: docs/ru/notifications.md',
  'a variable for the template; may be repeated': 'переменная для шаблона; можно повторять',
  'a reminder of a task, such as "1d before due", or "never"; may be repeated':
    'напоминание о задаче, например "1d before due", или "never"; можно повторять',
  'where to send what was not delivered: "email smith@acme.example after 10m"; may be repeated':
    'куда отправить недоставленное: "email smith@acme.example after 10m"; можно повторять',
  'allow webhooks to private networks, and http to them':
    'разрешить вебхуки в частные сети и http к ним',
  'with --channel: only the actions at this address':
    'вместе с --channel: только действия с этим адресом',
  'the URL; its query does not count': 'URL; параметры после ? не учитываются',
  "the page's address: the stack's output OwnPageUrl":
    'адрес страницы: OwnPageUrl среди выходов стека',
  'as "subscriptions list" shows it': 'как его показывает "subscriptions list"',
  'the folder of your own templates': 'папка ваших шаблонов',
  'the file that names the tenants': 'файл, в котором перечислены тенанты',
  'JSON as ECOS sends it or as it is on the bus (- for standard input)':
    'JSON, как его присылает ECOS или как он выглядит на шине (- — стандартный ввод)',
  "the event's type; without --event, the sample event of the type":
    'тип события; без --event — образец события этого типа',
  'the tenant, if the event does not name it; none by default':
    'тенант, если событие его не называет; по умолчанию никакой',
  "the person's language; the tenant's by default": 'язык человека; по умолчанию язык тенанта',
  "the person's time zone; the tenant's by default":
    'часовой пояс человека; по умолчанию пояс тенанта',
  'a template by its name': 'шаблон по имени',
  'custom data; by default each name stands for itself':
    'значения customData; по умолчанию вместо каждого стоит его имя',
  'the file to write the HTML to': 'файл, в который записать HTML',
  'a folder of artifacts: notification/template': 'папка артефактов: notification/template',
  'for this tenant; by default for all tenants': 'для этого тенанта; по умолчанию для всех',
  'the events that they tell of: they have to suit them; by default any':
    'о каких событиях сообщают шаблоны: каждый должен им подходить; по умолчанию любые',
  "a value of ECOS's configuration; may be repeated":
    'значение из конфигурации ECOS; можно повторять',
  'overwrite files that differ, and remove those that the artifacts no longer have':
    'перезаписать файлы, которые отличаются, и удалить те, которых в артефактах больше нет',
  'write nothing, only print what would be written':
    'ничего не записывать, только вывести то, что было бы записано',
  'check also the subscriptions of the cell (AWS_* variables)':
    'проверить и подписки ячейки (переменные AWS_*)',
  'maximumConcurrency of the cells, as deployed': 'maximumConcurrency ячеек, как они развёрнуты',
  'reservedRules of the cells, as deployed': 'reservedRules ячеек, как они развёрнуты',
  'maxPutEventsPerSecond of the cells, as deployed':
    'maxPutEventsPerSecond ячеек, как они развёрнуты',
  'the event types to turn on, with commas between them, or all':
    'включаемые типы событий через запятую, или all',
  'the language of notifications whose subscription names none':
    'язык уведомлений, если подписка его не задаёт',
  'its number, "own" for one of its own, or "hash" for the usual one':
    'её номер, "own" — своя собственная, "hash" — обычная',
  'the cell to move to': 'в какую ячейку переехать',
  'the bucket of payloads of the old cell': 'бакет данных старой ячейки',
  'the bucket of payloads of the new cell': 'бакет данных новой ячейки',
  'the region of the new cell, if it is another one': 'регион новой ячейки, если он другой',
  'the region of the other cell, if it is another one': 'регион другой ячейки, если он отличается',
  'how long to wait for the old cell': 'сколько минут ждать старую ячейку',
} as const
