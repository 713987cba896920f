/**
 * The body of every built-in notification, in Liquid. No colour is set, so that a mail reader in dark
 * mode keeps text and ground apart; nothing is loaded from outside.
 */
export const htmlBody = `<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{ title }}</title>
</head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:600px;margin:0 auto">
<h1 style="margin:0 0 8px;font-size:20px;line-height:1.3;overflow-wrap:anywhere">{{ title }}</h1>
<p style="margin:0 0 16px">{{ lead }}</p>
<table role="presentation" style="border-collapse:collapse;width:100%">
{%- for fact in facts %}
<tr>
<td style="padding:4px 16px 4px 0;vertical-align:top;white-space:nowrap;opacity:.7">{{ fact.label }}</td>
<td style="padding:4px 0;vertical-align:top;white-space:pre-line;overflow-wrap:anywhere">{{ fact.value }}</td>
</tr>
{%- endfor %}
</table>
</div>
</body>
</html>
`

export const textBody = `{{ lead }}
{% for fact in facts %}
{{ fact.label }}: {{ fact.value }}
{%- endfor %}
`
