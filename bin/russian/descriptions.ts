/** What commands and arguments are for, as `--help` says it. */
export const descriptions = {
  'Carries the events of ECOS from RabbitMQ into AWS EventBridge':
    'Переносит события ECOS из RabbitMQ в AWS EventBridge',
  'Record attributes that listeners on the bus request (AWS_* variables)':
    'Атрибуты записей, которые запрашивают слушатели на шине (переменные AWS_*)',
  "Lists a tenant's listeners and the attributes that they request":
    'Слушатели тенанта и атрибуты, которые они запрашивают',
  'Requests attributes, in addition to those already requested':
    'Запросить атрибуты в дополнение к уже запрошенным',
  'Stops requesting these attributes; without any, all events of the type':
    'Больше не запрашивать эти атрибуты; без них — все события этого типа',
  "moves events from the broker's queues to the bus":
    'Переносит события из очередей брокера на шину',
  'runs the long-running worker: bridges events until it is stopped':
    'Запустить воркер: переносит события, пока его не остановят',
  "declares the tenants' queues at an Amazon MQ broker":
    'Объявить очереди тенантов в брокере Amazon MQ',
  "moves a cell's tenants between queues of their own and pooled queues":
    'Перевести тенантов ячейки с собственных очередей на общие или обратно',
  "removes a tenant's bindings, so that no further event enters its queue":
    'Удалить привязки тенанта, чтобы новые события не попадали в его очередь',
  "removes a tenant's registration for events 2.0, and its binding":
    'Удалить регистрацию тенанта на события 2.0 и его привязку',
  'Serves a web page that shows the live system and repairs what failed (AWS_* variables)':
    'Веб-страница, которая показывает работу системы и исправляет сбои (переменные AWS_*)',
  'Who sent again, cancelled, tested, switched or removed what, and when (AWS_* variables)':
    'Кто и когда что отправил повторно, отменил, проверил, переключил или удалил (переменные AWS_*)',
  'Prints what completes commands, options and their values in bash or zsh':
    'Вывести скрипт автодополнения команд, параметров и их значений для bash или zsh',
  'the shell': 'командная оболочка',
  'Messages that could not be handled, delivered or bridged, and their way back (AWS_* variables)':
    'Сообщения, которые не удалось обработать, доставить или перенести, и их возврат (переменные AWS_*)',
  'Dead-letter queues and quarantine: how many messages, since when, whose and why':
    'Очереди недоставленных сообщений и карантин: сколько сообщений, с каких пор, чьи и почему',
  'Whole messages, decoded, each with its history: tries, last error, deliveries':
    'Сообщения целиком, раскодированные, с историей: попытки, последняя ошибка, доставки',
  'Sends messages back to where they came from': 'Вернуть сообщения туда, откуда они пришли',
  'Removes messages, after each one is written to a file':
    'Удалить сообщения, сначала записав каждое в файл',
  'Checks versions, permissions, the broker and the deployment, and says what to do':
    'Проверить версии, права, брокер и развёртывание и сказать, что делать',
  "Moves a tenant over from the old consumers' queue (AMQP_URL, AMQP_CA, TENANTS_FILE)":
    'Перевести тенанта с очереди старых потребителей (AMQP_URL, AMQP_CA, TENANTS_FILE)',
  'Shows the queues and what run would do; changes nothing':
    'Показать очереди и то, что сделает run; ничего не меняет',
  'Binds the new queue, unbinds the old one, and moves the remaining messages':
    'Привязать новую очередь, отвязать старую и перенести оставшиеся сообщения',
  'Goes back to the old queue, unless it was deleted':
    'Вернуться к старой очереди, если она не удалена',
  'Shows notifications and their deliveries, resends and cancels them (AWS_* variables)':
    'Показать уведомления и их доставки, отправить повторно, отменить (переменные AWS_*)',
  'Cancels a notification in WAIT_FOR_DISPATCH: it is not sent':
    'Отменить уведомление в WAIT_FOR_DISPATCH: оно не будет отправлено',
  "A tenant's notifications of the last 30 days, the latest first":
    'Уведомления тенанта за последние 30 дней, сначала новые',
  'Shows one notification with all of its deliveries':
    'Показать одно уведомление и все его доставки',
  'Sends one person a message that says it is a test, and tells what became of it':
    'Отправить одному человеку проверочное сообщение и сказать, чем это кончилось',
  'The names, addresses, languages and time zones of people (AWS_* variables)':
    'Имена, адреса, языки и часовые пояса людей (переменные AWS_*)',
  "Lists a tenant's people": 'Люди тенанта',
  'Sets what is known of a person; what is not given stays':
    'Задать сведения о человеке; что не указано, остаётся',
  'Removes all that is kept of a person: name, addresses, subscriptions, preferences':
    'Удалить всё, что хранится о человеке: имя, адреса, подписки, личные настройки',
  "Imports ECOS's persons; may be repeated: a person of the file replaces the stored one":
    'Импортировать людей из ECOS; можно повторять: человек из файла заменяет сохранённого',
  'JSON, or CSV with a line of names: docs/notifications.md':
    'JSON или CSV со строкой имён: docs/ru/notifications.md',
  "Writes IAM policies for a tenant's own functions, which hold it to its own events":
    'Вывести политики IAM для собственных функций тенанта, открывающие ему только его события',
  "Replays a tenant's events from the bus's archive (AWS_* variables); Ctrl-C cancels":
    'Воспроизвести события тенанта из архива шины (переменные AWS_*); Ctrl-C отменяет',
  'Who is notified of which events, by which channel (AWS_* variables)':
    'Кто, о каких событиях и по какому каналу получает уведомления (переменные AWS_*)',
  "Lists a tenant's subscriptions and rules, or one person's with their preferences":
    'Подписки и правила тенанта или подписки одного человека с его личными настройками',
  'Adds an action, replacing any with the same channel and address':
    'Добавить действие; то же с этим каналом и адресом заменяется',
  'Removes a subscription, or its actions at one address':
    'Удалить подписку или её действия с одним адресом',
  "Imports the old notification service's subscribers; may be repeated":
    'Импортировать подписчиков старого сервиса уведомлений; можно повторять',
  'a JSON list of subscribers': 'список подписчиков в JSON',
  "Makes a new signing key for a webhook's endpoint and shows it once":
    'Создать новый ключ подписи вебхука и показать его один раз',
  "Prints a link to a person's own page of notifications":
    'Вывести ссылку на личную страницу уведомлений человека',
  "Revokes the links to a person's own page that they have got so far":
    'Отозвать ссылки на личную страницу, полученные человеком до сих пор',
  "One person's preferences: channels, quiet hours, digest":
    'Личные настройки человека: каналы, тихие часы, сводка',
  'Prints them as JSON': 'Вывести их в JSON',
  'Replaces all of them': 'Заменить их целиком',
  '{"timeZone":"Europe/Moscow", …}: docs/notifications.md':
    'в виде {"timeZone":"Europe/Moscow", …}: docs/ru/notifications.md',
  'Stops all notifications to an address of a person; of push, removes the address':
    'Прекратить все уведомления на адрес человека; адрес push удаляется',
  'Switches an address on again that a provider or an operator has switched off':
    'Снова включить адрес, о котором провайдер сообщил, что его больше нет',
  'Prints what passes the bus, as it passes, until Ctrl-C (AWS_* variables)':
    'Выводить события на шине по мере прохождения, до Ctrl-C (переменные AWS_*)',
  'Previews, checks and imports notification templates':
    'Просмотр, проверка и импорт шаблонов уведомлений',
  'Renders an event: prints what arrives by the channel, and writes the HTML':
    'Показать, что придёт по каналу об этом событии, и записать HTML',
  'Reports faults in templates, with file, line and column':
    'Найти ошибки в шаблонах: файл, строка и столбец',
  "Translates ECOS's notification templates (.ftl with .meta.yml) into your own":
    'Перевести шаблоны уведомлений ECOS (.ftl с .meta.yml) в ваши шаблоны',
  'Lists, edits and applies the tenants of tenants.yml':
    'Просмотр, правка и применение тенантов из tenants.yml',
  'Lists the tenants by cell, what each cell uses, and what gives out next':
    'Тенанты по ячейкам, что занимает каждая ячейка и что кончится первым',
  'Adds a tenant to the file': 'Добавить тенанта в файл',
  'Takes a tenant out of the file': 'Убрать тенанта из файла',
  'Puts a tenant into another partition, or on its way to another cell, in the file':
    'Назначить тенанту в файле другую партицию или начать его переезд в другую ячейку',
  'Carries what a cell knows of a moving tenant to the other cell':
    'Перенести всё, что ячейка знает о переезжающем тенанте, в другую ячейку',
  'Gives up the move of a tenant to another cell': 'Отменить переезд тенанта в другую ячейку',
  'Shows what apply would change in a cell; changes nothing':
    'Показать, что изменит apply в ячейке; ничего не меняет',
  "Checks the file whole, and makes its tenants the cell's":
    'Проверить файл целиком и применить его тенантов в ячейке',
  'display help for command': 'справка по команде',
} as const
