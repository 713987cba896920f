import { html, raw } from 'hono/html'
import type { ChannelName } from '../channels/channel.ts'
import { type Choice, placeOf } from './choices.ts'
import type { FormFault, FormValues } from './form.ts'
import { style } from './style.ts'
import { type Language, type Refusal, words } from './words.ts'

type Html = ReturnType<typeof html>

export interface SettingsPage {
  readonly username: string
  readonly choices: readonly Choice[]
  readonly form: FormValues
  readonly version: string
  readonly isSaved: boolean
  readonly faults: readonly FormFault[]
}

/** Every value is escaped by the template function; only the style is ours. */
function page(language: Language, title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`
}

export function settingsPage(language: Language, settings: SettingsPage): Html {
  const { username, choices, form, version, isSaved, faults } = settings
  const say = words[language]
  const offered = [...new Set(choices.flatMap(({ channels }) => channels))]
  return page(
    language,
    say.heading,
    html`<p class="dim">${say.whose}: ${username}</p>
${isSaved ? html`<p class="note" role="status">${say.saved}</p>` : ''}
${faults.map((fault) => html`<p class="note fault" role="alert">${say.faults[fault]}</p>`)}
<form method="post">
<input type="hidden" name="version" value="${version}">
<section><h2>${say.what}</h2>
${choices.length === 0 ? html`<p class="dim">${say.nothing}</p>` : ''}
${choices.map((choice) => choiceField(language, choice, form))}</section>
<section><h2>${say.quiet}</h2><p class="dim">${say.quietHint}</p>
<div class="options">
<label>${say.from} <input type="time" name="quietFrom" value="${form.quietFrom}"></label>
<label>${say.to} <input type="time" name="quietTo" value="${form.quietTo}"></label></div></section>
<section><h2>${say.digest}</h2><p class="dim">${say.digestHint}</p>
<div class="options"><label>${say.at} <input type="time" name="digestAt" value="${form.digestAt}"></label>
${offered.map((channel) =>
  checkbox('digestChannel', channel, say.channels[channel], form.digestChannels.has(channel)),
)}</div></section>
<section><label for="timeZone">${say.timeZone}</label>
<select id="timeZone" name="timeZone">${zones(form.timeZone).map((zone) =>
      option(zone, zone.replaceAll('_', ' '), form.timeZone),
    )}</select>
<label for="locale">${say.language}</label>
<select id="locale" name="locale">${languages(language, form.locale).map(([value, label]) =>
      option(value, label, form.locale),
    )}</select></section>
<button>${say.save}</button>
</form>`,
  )
}

function choiceField(
  language: Language,
  { eventType, channels }: Choice,
  { places }: FormValues,
): Html {
  const { types, channels: names } = words[language]
  const boxes = channels.map((channel: ChannelName) => {
    const place = placeOf(eventType, channel)
    return checkbox('place', place, names[channel], places.has(place))
  })
  return html`<fieldset><legend>${types[eventType] ?? eventType}</legend><div class="options">${boxes}</div></fieldset>`
}

function checkbox(name: string, value: string, label: string, isChecked: boolean): Html {
  return html`<label><input type="checkbox" name="${name}" value="${value}"${isChecked ? raw(' checked') : ''}> ${label}</label>`
}

function option(value: string, label: string, selected: string): Html {
  return html`<option value="${value}"${value === selected ? raw(' selected') : ''}>${label}</option>`
}

/** Those of Russia first: most readers are there. */
function zones(selected: string): string[] {
  const russian = ['Europe/Kaliningrad', 'Europe/Moscow', 'Europe/Samara', 'Asia/Yekaterinburg']
  const further = ['Asia/Omsk', 'Asia/Krasnoyarsk', 'Asia/Irkutsk', 'Asia/Yakutsk']
  const farthest = ['Asia/Vladivostok', 'Asia/Magadan', 'Asia/Kamchatka', 'UTC']
  const first = [...russian, ...further, ...farthest]
  return [...new Set([...first, ...Intl.supportedValuesOf('timeZone'), selected])]
}

function languages(language: Language, selected: string): [value: string, label: string][] {
  const known: [string, string][] = [
    ['', words[language].asOrganisation],
    ['ru', 'Русский'],
    ['en', 'English'],
  ]
  return known.some(([value]) => value === selected) ? known : [...known, [selected, selected]]
}

/** @param what the event type's name, or everything */
export function unsubscribePage(language: Language, what: string, isDone: boolean): Html {
  const { title, button, done } = words[language].unsubscribe
  return page(
    language,
    words[language].heading,
    html`<section>${
      isDone
        ? html`<p role="status">${done}</p>`
        : html`<p>${title} ${what}</p><form method="post"><button>${button}</button></form>`
    }</section>`,
  )
}

/** Says why, and nothing else. */
export function refusalPage(language: Language, refusal: Refusal): Html {
  const [title, text] = words[language].refusals[refusal]
  return page(language, title, html`<section><p>${text}</p></section>`)
}
