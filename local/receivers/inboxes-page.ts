export type Inbox = {
  title: string
  /** Oldest first. */
  messages: readonly { to: string; title?: string; text: string }[]
}

/** Messages of each inbox that the page shows. */
const maxShown = 50

/** Seconds between two loads of the page. */
const refresh = 3

const style = `
body { font: 15px/1.4 system-ui, sans-serif; margin: 0; padding: 1rem; color: #1c2733; background: #eef1f4 }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)) }
section { background: #fff; border: 8px solid #1c2733; border-radius: 1.75rem; padding: 1rem }
section.wide { border-width: 1px; border-radius: .5rem }
ul { list-style: none; padding: 0; max-height: 30rem; overflow: auto }
li { background: #e3eefa; border-radius: .75rem; padding: .5rem .75rem; margin: .5rem 0 }
small { color: #51606e; overflow-wrap: anywhere }
pre { font: inherit; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }`

/** The page with all inboxes, each as its reader's phone shows it, newest message first. */
export function inboxesPage(inboxes: readonly Inbox[], mailUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta http-equiv="refresh" content="${refresh}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inboxes</title><style>${style}</style>
<h1>Inboxes</h1>
<p>Mails are in the <a href="${escapeHtml(mailUrl)}">mail inbox</a>.</p>
<main>${inboxes.map(section).join('')}</main>
</html>
`
}

function section({ title, messages }: Inbox): string {
  const shown = messages.slice(-maxShown).reverse().map(item).join('')
  const rest = messages.length > maxShown ? `, the last ${maxShown} shown` : ''
  return `<section${title === 'Webhooks' ? ' class="wide"' : ''}>
<h2>${escapeHtml(title)}</h2><small>${messages.length} received${rest}</small>
<ul>${shown}</ul></section>`
}

function item({ to, title, text }: Inbox['messages'][number]): string {
  const heading = title === undefined ? '' : `<strong>${escapeHtml(title)}</strong>`
  return `<li><small>${escapeHtml(to)}</small><br>${heading}<pre>${escapeHtml(text)}</pre></li>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
}
