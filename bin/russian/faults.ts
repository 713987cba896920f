/** What is wrong with a command line, and what commands themselves refuse. `{name}` stands for a value. */
export const faults = {
  // Values of options; commander puts the option before them.
  'is not a whole number above 0': 'это не целое число больше 0',
  'is not a whole number from 0': 'это не целое число от 0',
  'is not a number from {least} to {most}': 'это не число от {least} до {most}',
  'is not a time such as 2h, yesterday, 2026-11-25 or 2026-11-25T08:00:00Z':
    'это не время вида 2h, yesterday, 2026-11-25 или 2026-11-25T08:00:00Z',
  'is not a port (0 to 65535)': 'это не порт (от 0 до 65535)',
  'not valid JSON': 'это не JSON',
  'is not JSON': 'это не JSON',
  'is not a JSON object': 'это не объект JSON',
  'is not a place that a list has printed': 'это не место, которое напечатал список',
  'must not be empty': 'не должно быть пустым',
  'must be one of {types}': 'допустимы: {types}',
  'one of {types}': 'тип события: {types}',
  'write it as name=path': 'пишите в виде name=path',
  'write "email smith@acme.example" or "sms +79991234567 after 30m"; the channels are {channels}':
    'пишите "email smith@acme.example" или "sms +79991234567 after 30m"; каналы: {channels}',
  'is not a key and a value: app/service-desk$reply=help@acme.example':
    'это не ключ и значение: app/service-desk$reply=help@acme.example',
  'It is a number, own or hash.': 'Допустимы номер, own или hash.',
  'An account id has 12 digits': 'В номере аккаунта 12 цифр',
  'It is a region such as eu-central-1': 'Это регион вида eu-central-1',
  'It is the name of a bucket, not an ARN': 'Это имя бакета, а не ARN',
  "error: give '--id <id>' or '--state <state>'":
    "ошибка: укажите '--id <id>' или '--state <state>'",

  // Errors
  'The cell {cell} has no tenant {tenant}{meant}: correct the tenant or --cell, or set TENANTS_FILE':
    'В ячейке {cell} нет тенанта {tenant}{meant}: исправьте тенанта или --cell либо задайте TENANTS_FILE',
  '{file} has no tenant {tenant}{meant}: correct --tenant or --tenants':
    'В {file} нет тенанта {tenant}{meant}: исправьте --tenant или --tenants',
  '{file} has no tenant {tenant}{meant}: correct it, or see "tenants list"':
    'В {file} нет тенанта {tenant}{meant}: исправьте его; все тенанты: "tenants list"',
  '{file} has no tenant {tenant}{meant}: correct it, or name its target with --target':
    'В {file} нет тенанта {tenant}{meant}: исправьте его или назовите его target с --target',
  "Messages of the quarantine go back to the bridge's queue at the broker: set AMQP_URL":
    'Сообщения из карантина возвращаются в очередь моста у брокера: задайте AMQP_URL',
  'This account and region have no queue {queue}: correct --cell or AWS_REGION':
    'В этом аккаунте и регионе нет очереди {queue}: исправьте --cell или AWS_REGION',
  'There is no queue {queue}; choose one of {names}': 'Очереди {queue} нет; есть такие: {names}',
  'There is no table {table} in this account and region: set --cell or --table':
    'В этом аккаунте и регионе нет таблицы {table}: задайте --cell или --table',
  '{count} messages would be removed: add --yes':
    'Было бы удалено сообщений: {count}; добавьте --yes',
  'The tenants of the cell {cell} would change: add --yes':
    'Тенанты ячейки {cell} изменились бы: добавьте --yes',
  "One event's notifications are listed whole: leave out the times":
    'Уведомления одного события показываются целиком: уберите время',
  'This --before is a place in the list of one event: pass its --event too':
    'Этот --before — место в списке одного события: укажите и его --event',
  'With --event, --before takes only the place where the last list ended':
    'Вместе с --event параметр --before принимает только место, где кончился прошлый список',
  '{tenant} has no notification {id}': 'У {tenant} нет уведомления {id}',
  'Say where to: --to-partition, --to-cell or both':
    'Укажите куда: --to-partition, --to-cell или оба',
  'Pass --user NAME or --everyone': 'Укажите --user NAME или --everyone',
  'Pass --channel and --address together, or neither':
    'Укажите --channel и --address вместе или ни одного',
  'Pass --event FILE, or --type for the sample event of a type':
    'Укажите --event FILE или --type, чтобы взять образец события этого типа',
  'Nothing is given: pass --name, --email or another':
    'Ничего не указано: добавьте --name, --email или другой параметр',
  '--remind is for tasks: pass --type {type}':
    '--remind бывает только у задач: укажите --type {type}',
  '{user} of {tenant} has no preferences': 'У {user} из {tenant} нет личных настроек',
  '{folder} has no notification artifacts: .ftl files with .meta.yml':
    'В {folder} нет артефактов уведомлений: файлов .ftl с .meta.yml',
  'Nothing was written: correct what is refused, or add --skip-refused':
    'Ничего не записано: исправьте отвергнутое или добавьте --skip-refused',
  'Nothing was written: files are there already, and differ: --replace makes them what the artifacts say':
    'Ничего не записано: такие файлы уже есть и отличаются; --replace приведёт их в соответствие с артефактами',
  'is there already, and differs: --replace overwrites it':
    'уже есть и отличается; --replace перезапишет его',
  'is not in the artifact: --replace removes it': 'в артефакте его нет; --replace удалит его',
  "Nothing was written, since {refused} can't be imported: correct them, or add --skip-refused":
    'Ничего не записано: не импортируются {refused}; исправьте их или добавьте --skip-refused',
  "{file} can't be read: {why}": 'Не удаётся прочитать {file}: {why}',
  '{file} is not JSON': '{file}: это не JSON',
  '{file} is not an event in JSON': '{file}: это не событие в JSON',
  '{file}: "{type}" is not an event type': '{file}: типа событий "{type}" нет',
  "TENANTS_FILE {file} can't be read: {why}": 'Не удаётся прочитать TENANTS_FILE {file}: {why}',
} as const
