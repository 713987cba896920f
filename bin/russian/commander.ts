/** Commander says these in English alone. A value stays as it was given. */
const messages: readonly (readonly [english: RegExp, russian: string])[] = [
  [/^error: unknown command '(.*)'$/m, "ошибка: неизвестная команда '$1'"],
  [/^error: unknown option '(.*)'$/m, "ошибка: неизвестный параметр '$1'"],
  [
    /^error: required option '(.*)' not specified$/m,
    "ошибка: не указан обязательный параметр '$1'",
  ],
  [/^error: option '(.*)' argument missing$/m, "ошибка: у параметра '$1' нет значения"],
  [/^error: missing required argument '(.*)'$/m, "ошибка: не указан обязательный аргумент '$1'"],
  [/^error: (.*) cannot be used with (.*)$/m, 'ошибка: нельзя указывать вместе: $1, $2'],
  [
    /^error: option '(.*)' argument '(.*)' is invalid\. /,
    "ошибка: неверное значение '$2' параметра '$1': ",
  ],
  [
    /^error: option '(.*)' value '(.*)' from env '(.*)' is invalid\. /,
    "ошибка: неверное значение '$2' параметра '$1' из переменной '$3': ",
  ],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. /,
    "ошибка: неверное значение '$1' аргумента '$2': ",
  ],
  [/Allowed choices are (.*)\.$/m, 'допустимые значения: $1.'],
  [
    /^error: too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+): (.*)\.$/m,
    'ошибка: слишком много аргументов: нужно $2, указано $3: $4.',
  ],
  [/^\(Did you mean one of (.*)\?\)$/m, '(Возможно, вы имели в виду: $1?)'],
  [/^\(Did you mean (.*)\?\)$/m, '(Возможно, вы имели в виду $1?)'],
  [/\boption (?='-)/g, 'параметр '],
  [/\benvironment variable (?=')/g, 'переменная '],
]

/** Commander's message about a wrong command line, in Russian. */
export function russianMessage(message: string): string {
  return messages.reduce((text, [english, russian]) => text.replace(english, russian), message)
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': 'Использование:',
  'Arguments:': 'Аргументы:',
  'Options:': 'Параметры:',
  'Commands:': 'Команды:',
}

export function russianTitle(title: string): string {
  return titles[title] ?? title
}

const remarks: Readonly<Record<string, string>> = {
  choices: 'значения',
  default: 'по умолчанию',
  env: 'переменная',
}

/** What commander adds to the description of an option: `(choices: "a", default: "b", env: C)`. */
export function russianRemarks(description: string): string {
  return description.replaceAll(
    /(?<=[(,] ?)(choices|default|env)(?=: )/g,
    (name) => remarks[name] ?? name,
  )
}
