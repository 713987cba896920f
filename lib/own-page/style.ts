import { createHash } from 'node:crypto'

/** For a telephone first; nothing is loaded from anywhere. */
export const style = `
:root { color-scheme: light dark; --line: #d5dae1; --dim: #5c6673; --accent: #0b5cad; --ground: #f2f4f7; --card: #fff }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a414b; --dim: #a6adb7; --accent: #7db8f5; --ground: #14161a; --card: #1e2126 }
}
* { box-sizing: border-box }
body { margin: 0; padding: 16px; background: var(--ground); font: 17px/1.5 system-ui, 'Segoe UI', Roboto, Arial, sans-serif }
main { max-width: 560px; margin: 0 auto }
h1 { margin: 8px 0; font-size: 24px; line-height: 1.25 }
.dim { color: var(--dim); margin: 0 0 12px; overflow-wrap: anywhere }
section, .note { margin: 0 0 16px; padding: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h2 { margin: 0 0 4px; font-size: 18px }
fieldset { margin: 0; padding: 12px 0; border: 0; border-top: 1px solid var(--line) }
legend { float: left; width: 100%; padding: 0; font-weight: 600 }
.options { clear: both; display: flex; flex-wrap: wrap; gap: 4px 20px }
label { display: inline-flex; align-items: center; gap: 8px; min-height: 44px }
input[type=checkbox] { width: 22px; height: 22px; accent-color: var(--accent) }
input[type=time], select { min-height: 44px; padding: 8px; font: inherit; border: 1px solid var(--line); border-radius: 8px; max-width: 100% }
select { width: 100% }
button { width: 100%; min-height: 48px; padding: 10px 24px; border: 0; border-radius: 10px; background: #0b5cad; color: #fff; font: inherit; font-weight: 600 }
.note { border-left: 6px solid var(--accent) }
.fault { border-left-color: #c62828 }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

/** Content-Security-Policy: no script, no picture, no frame; the style above, and forms to the page itself. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')
