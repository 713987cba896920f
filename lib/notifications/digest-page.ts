import { createEngines } from './templates/engine.ts'

/** A member as its digest tells of it. */
export interface DigestEntry {
  readonly title: string
  /** Empty where only the title has room. */
  readonly text: string
  /** Its page in ECOS. */
  readonly url?: string
}

export interface DigestPage {
  /** BCP 47. */
  readonly locale: string
  readonly title: string
  readonly entries: readonly DigestEntry[]
  /** How many more members there are; empty if there are none. */
  readonly closing: string
  /** Why the reader got it. */
  readonly why: string
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
<style>
@media (max-width: 480px) {
  .card { padding: 20px 16px !important; border-radius: 0 !important }
  .outer { padding: 0 0 16px !important }
}
@media (prefers-color-scheme: dark) {
  .outer { background: #14161a !important }
  .card { background: #1e2126 !important; border-color: #33383f !important; color: #e8eaed !important }
  .card a { color: #8ab8f0 !important }
  .footer, .footer a { color: #a6adb7 !important }
}
</style>
</head>
<body style="margin:0;padding:0;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div class="outer" style="background:#f2f4f7;padding:24px 12px">
<div class="card" style="max-width:568px;margin:0 auto;padding:24px 32px;background:#ffffff;color:#1b1f24;border:1px solid #e1e5ea;border-radius:8px">
{%- for entry in entries %}
<h2 style="margin:0 0 4px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">{% if entry.url %}<a href="{{ entry.url }}" style="color:#0b5cad">{{ entry.title }}</a>{% else %}{{ entry.title }}{% endif %}</h2>
<p style="margin:0 0 24px;white-space:pre-line;overflow-wrap:anywhere">{{ entry.text }}</p>
{%- endfor %}
{%- if closing != '' %}
<p style="margin:0">{{ closing }}</p>
{%- endif %}
</div>
<div class="footer" style="max-width:568px;margin:0 auto;padding:16px 32px 0;color:#5c6673;font-size:13px;line-height:1.5">
{{ why }}
<!-- personal links -->
</div>
</div>
</body>
</html>
`)
