/** What may be wrong with an artifact, or has to be said of it. `{…}` are places of values. */
export const problems = [
  // What FreeMarker itself would refuse.
  '{what} is not closed',
  '{what} has no beginning',
  'expected {what}',
  'expected {what} at "{found}"',
  'can\'t be read at "{found}"',
  'directives are nested too deeply',
  'the expression is nested too deeply',
  'the expression is too long',
  '\\{letter} is not an escape sequence',
  'FreeMarker takes what follows ! as its default: write (…!) + …',
  '#{…} is not supported: write it with a dollar sign',
  '{what} gives {name} no value',
  '{what} names no template in quotes',

  // What has no counterpart.
  '{what} has no counterpart in Liquid',
  '{what} escapes otherwise than ?html',
  '{what} takes any number of values, which has no counterpart in Liquid',
  'a part of a list or text has no counterpart in Liquid',
  'a sequence has no counterpart in Liquid',
  'needs two values to choose from',
  '?substring is supported with numbers alone',
  '?{name} is read as ISO 8601 alone',
  'formats a number, or a date without ?date, ?time or ?datetime',
  'the pattern is not a text',
  '% is supported with a whole number behind it alone',
  '+ of values of which none is known to be a text or both a number',
  'markup in a quoted text would be shown as text: write it outside',
  'a tag of HTML begins within a condition or loop and ends outside of it',
  '<#items> is in no <#list>',
  '{what} ends its case only at the end of it',
  'a case runs into the next one',
  'the template becomes too long',
  'macros, templates or parts contain one another',
  'there is no macro "{name}"',
  'the macro "{name}" is defined more than once',
  'the setting {name}: numbers are written as their language does, or with ?c',
  'the setting {name}: write the words with ?string("yes", "no")',

  // Names.
  '"{name}" is neither in the artifact\'s model nor assigned',
  '"{name}" can\'t be asked for: {problem}',
  '"{name}" is a part of the template, which can only be written',
  '{name} is given a part of the template, and a value too',
  '{name} is given more than one part of the template',
  '{name} keeps what "{other}" is here, and that changes: write it where it is used',
  '{name} gets values from <#global> and <#assign>: use one',
  '<#local> is in no macro',
  '<#{directive}> keeps a part of the template: use <#assign>',
  '<#global> in an artifact that others import: use <#assign>',

  // What ECOS alone knows.
  '{method}() is known to ECOS alone',
  'calls what is not a method',
  'the key of a setting is not a text',
  "ECOS's setting \"{key}\" is not known here: give it with --config '{key}=…'",
  'there is no artifact "{id}" in the folder: import it together with this one',

  // Artifacts.
  'has no .meta.yml of its name beside it',
  'has no .ftl file of its name beside it',
  'there is another artifact "{id}"',
  'notificationTitle: "{tag}" is not a language',
  'YAML: {problem}',
  '{field}: {problem}',
  'is not a name of letters, digits, "-", "_" and ".", of up to 200 characters',
  'is the folder of the parts of templates: give it another id',
  'has more than 1,000 characters',
  'chooses other templates by the type of the record: subscribe with conditions instead',
  'is not UTF-8: convert it',
  'has {size} bytes: a template has at most {limit} characters',
  'as translated: {problem}',

  // Remarks.
  'the setting {name} is left out: each reader has their own language and time zone',
  'a picture of ECOS is left out: put the https address of one into the template',
  'customData.{name} was {attribute} in ECOS: subscriptions have to give it (--data {name}=…)',
  '{id} is an event type: the template is used for all its notifications that name none',
] as const

export type Problem = (typeof problems)[number]
