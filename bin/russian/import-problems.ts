import type { Problem } from '../../lib/notifications/freemarker/problems.ts'

/** What `templates import` refuses, or has to say. */
export const importProblems = {
  '{what} is not closed': '{what}: нет закрывающей части',
  '{what} has no beginning': '{what}: нет начала',
  'expected {what}': 'здесь должно быть {what}',
  'expected {what} at "{found}"': 'здесь должно быть {what}, а стоит "{found}"',
  'can\'t be read at "{found}"': 'непонятно, что значит "{found}"',
  'directives are nested too deeply': 'слишком глубокая вложенность директив',
  'the expression is nested too deeply': 'слишком глубокая вложенность выражения',
  'the expression is too long': 'слишком длинное выражение',
  '\\{letter} is not an escape sequence': '\\{letter} — неизвестная управляющая последовательность',
  'FreeMarker takes what follows ! as its default: write (…!) + …':
    'FreeMarker считает всё после ! значением по умолчанию: пишите (…!) + …',
  '#{…} is not supported: write it with a dollar sign':
    '#{…} не поддерживается: пишите со знаком доллара',
  '{what} gives {name} no value': '{what} не присваивает {name} значения',
  '{what} names no template in quotes': '{what}: имя шаблона должно стоять в кавычках',

  '{what} has no counterpart in Liquid': '{what}: в Liquid соответствия нет',
  '{what} escapes otherwise than ?html': '{what} экранирует не так, как ?html',
  '{what} takes any number of values, which has no counterpart in Liquid':
    '{what} принимает любое число значений: в Liquid соответствия нет',
  'a part of a list or text has no counterpart in Liquid':
    'часть списка или строки: в Liquid соответствия нет',
  'a sequence has no counterpart in Liquid': 'последовательность: в Liquid соответствия нет',
  'needs two values to choose from': 'нужны два значения для выбора',
  '?substring is supported with numbers alone': '?substring поддерживается только с числами',
  '?{name} is read as ISO 8601 alone': '?{name} читается только как ISO 8601',
  'formats a number, or a date without ?date, ?time or ?datetime':
    'форматирует число или дату без ?date, ?time или ?datetime',
  'the pattern is not a text': 'шаблон формата должен быть строкой',
  '% is supported with a whole number behind it alone':
    '% поддерживается, только если после него целое число',
  '+ of values of which none is known to be a text or both a number':
    'сложение значений, про которые неизвестно, строки это или числа',
  'markup in a quoted text would be shown as text: write it outside':
    'разметка в строке показывалась бы как текст: вынесите её из кавычек',
  'a tag of HTML begins within a condition or loop and ends outside of it':
    'тег HTML начинается внутри условия или цикла, а заканчивается снаружи',
  '<#items> is in no <#list>': '<#items> стоит вне <#list>',
  '{what} ends its case only at the end of it': '{what} может стоять только в конце <#case>',
  'a case runs into the next one': '<#case> без <#break> переходит в следующий',
  'the template becomes too long': 'шаблон получается слишком длинным',
  'macros, templates or parts contain one another':
    'макросы, шаблоны или их части содержат друг друга',
  'there is no macro "{name}"': 'макроса "{name}" нет',
  'the macro "{name}" is defined more than once': 'макрос "{name}" определён больше одного раза',
  'the setting {name}: numbers are written as their language does, or with ?c':
    'настройка {name}: числа пишутся так, как принято в языке, или с ?c',
  'the setting {name}: write the words with ?string("yes", "no")':
    'настройка {name}: задайте слова с помощью ?string("да", "нет")',

  '"{name}" is neither in the artifact\'s model nor assigned':
    '"{name}" нет ни в модели артефакта, ни среди присвоенных',
  '"{name}" can\'t be asked for: {problem}': '"{name}" нельзя запросить: {problem}',
  '"{name}" is a part of the template, which can only be written':
    '"{name}" — часть шаблона, её можно только вывести',
  '{name} is given a part of the template, and a value too':
    '{name} присваивается и часть шаблона, и значение',
  '{name} is given more than one part of the template':
    '{name} присваивается больше одной части шаблона',
  '{name} keeps what "{other}" is here, and that changes: write it where it is used':
    '{name} запоминает значение "{other}", которое потом меняется: вынесите его туда, где оно нужно',
  '{name} gets values from <#global> and <#assign>: use one':
    '{name} получает значения и от <#global>, и от <#assign>: оставьте что-то одно',
  '<#local> is in no macro': '<#local> стоит вне макроса',
  '<#{directive}> keeps a part of the template: use <#assign>':
    '<#{directive}> хранит часть шаблона: пишите <#assign>',
  '<#global> in an artifact that others import: use <#assign>':
    '<#global> в артефакте, который импортируют другие: пишите <#assign>',

  '{method}() is known to ECOS alone': '{method}() есть только в ECOS',
  'calls what is not a method': 'вызывается не метод',
  'the key of a setting is not a text': 'ключ настройки должен быть строкой',
  "ECOS's setting \"{key}\" is not known here: give it with --config '{key}=…'":
    'настройка ECOS "{key}" здесь неизвестна: задайте её с --config \'{key}=…\'',
  'there is no artifact "{id}" in the folder: import it together with this one':
    'в папке нет артефакта "{id}": импортируйте его вместе с этим',

  'has no .meta.yml of its name beside it': 'рядом нет .meta.yml с этим именем',
  'has no .ftl file of its name beside it': 'рядом нет файла .ftl с этим именем',
  'there is another artifact "{id}"': 'есть ещё один артефакт "{id}"',
  'notificationTitle: "{tag}" is not a language': 'notificationTitle: "{tag}" — не язык',
  'YAML: {problem}': 'YAML: {problem}',
  '{field}: {problem}': '{field}: {problem}',
  'is not a name of letters, digits, "-", "_" and ".", of up to 200 characters':
    'имя состоит из латинских букв, цифр, "-", "_" и ".", до 200 символов',
  'is the folder of the parts of templates: give it another id':
    'так называется папка частей шаблонов: задайте другой id',
  'has more than 1,000 characters': 'длиннее 1000 символов',
  'chooses other templates by the type of the record: subscribe with conditions instead':
    'выбирает другие шаблоны по типу записи: вместо этого подписывайте с условиями',
  'is not UTF-8: convert it': 'не в UTF-8: перекодируйте',
  'has {size} bytes: a template has at most {limit} characters':
    'занимает {size} байт: в шаблоне не больше {limit} символов',
  'as translated: {problem}': 'в переведённом шаблоне: {problem}',

  'the setting {name} is left out: each reader has their own language and time zone':
    'настройка {name} опущена: у каждого читателя свои язык и часовой пояс',
  'a picture of ECOS is left out: put the https address of one into the template':
    'картинка ECOS опущена: вставьте в шаблон https-адрес картинки',
  'customData.{name} was {attribute} in ECOS: subscriptions have to give it (--data {name}=…)':
    'customData.{name} в ECOS был {attribute}: его должны задавать подписки (--data {name}=…)',
  '{id} is an event type: the template is used for all its notifications that name none':
    '{id} — тип события: шаблон применяется ко всем его уведомлениям, где не назван другой',
} as const satisfies Readonly<Record<Problem, string>>

/** What may be expected in a template. */
export const expectedInTemplate = {
  'a name': 'имя',
  'a value': 'значение',
  'a setting': 'имя настройки',
  'the name of a variable': 'имя переменной',
  'the name of a macro': 'имя макроса',
  'the name of a built-in': 'имя встроенной функции',
  'the comment': 'комментарий',
} as const
