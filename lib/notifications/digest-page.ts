import { createEngines } from './templates/engine.ts'

/** A member as its digest tells of it. */
export interface DigestEntry {
  readonly title: string
  /** Empty where only the title has room. */
  readonly text: string
}

export interface DigestPage {
  /** BCP 47. */
  readonly locale: string
  readonly title: string
  readonly entries: readonly DigestEntry[]
  /** How many more members there are; empty if there are none. */
  readonly closing: string
}

/** The digest's HTML. Members appear as text, since the HTML of each is a whole page. */
export function digestPage(page: DigestPage): string {
  return engine.renderSync(template, page)
}

const engine = createEngines({}, '').page
const template = engine.parse(`<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
</head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:600px;margin:0 auto">
{%- for entry in entries %}
<h2 style="margin:0 0 4px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">{{ entry.title }}</h2>
<p style="margin:0 0 24px;white-space:pre-line;overflow-wrap:anywhere">{{ entry.text }}</p>
{%- endfor %}
{%- if closing != '' %}
<p style="margin:0">{{ closing }}</p>
{%- endif %}
</div>
</body>
</html>
`)
