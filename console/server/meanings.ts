import { readFileSync } from 'node:fs'

const errors = new URL('docs/errors.md', import.meta.resolve('ecos-eventbridge/package.json'))

/** What error codes mean and what to do, by code. */
export type Meanings = Readonly<Record<string, string>>

/** Of the table: the code, what it means, and what to do. */
const row = /^\| `([a-z0-9-]+)` +\| (\S.*?) +\| (\S.*?) +\|$/gm

/** In English, from docs/errors.md. */
export function meaningsInDocs(): Meanings {
  const rows = [...readFileSync(errors, 'utf8').matchAll(row)]
  return Object.fromEntries(
    rows.map(([, code = '', meaning, todo]) => [code, plain(`${meaning}. What to do: ${todo}`)]),
  )
}

/** Drops Markdown. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '')
}
