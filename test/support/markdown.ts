export interface Heading {
  readonly level: number
  readonly text: string
}

export interface Link {
  readonly text: string
  /** Empty for a link within the page. */
  readonly path: string
  readonly anchor: string | undefined
}

const fence = /^( *)```.*\n([\s\S]*?)^\1```$/gm

export function headings(page: string): Heading[] {
  return [...proseOf(page).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', text = '']) => ({
    level: marks.length,
    text,
  }))
}

/** The anchors of a page's headings, as GitHub makes them. */
export function slugs(page: string): string[] {
  const seen = new Map<string, number>()
  return headings(page).map(({ text }) => {
    const plain = text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
}

/** The links to files of the project. */
export function linksOf(page: string): Link[] {
  return [...proseOf(page).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)]
    .filter(([, , target = '']) => !/^[a-z]+:/.test(target))
    .map(([, text = '', target = '']) => {
      const [path = '', anchor] = target.split('#')
      return { text, path, anchor: anchor === undefined ? undefined : decodeURI(anchor) }
    })
}

/** What the code blocks say in both languages: their lines without remarks, which follow two spaces or a `#`. */
export function codeBlocks(page: string): string[][] {
  return [...page.matchAll(fence)].map(([, , code = '']) =>
    code
      .split('\n')
      .map((line) => line.replace(/(?<=\S) +# .*$|(?<=\S) {2,}(?!-).*$/, '').trimEnd()),
  )
}

/** The lines of each table. */
export function tables(page: string): string[][] {
  return [...proseOf(page).matchAll(/(?:^ *\|.*\|\n?)+/gm)].map(([table]) =>
    table.trimEnd().split('\n'),
  )
}

/** The code in the first column of each row. */
export function namesInTables(page: string): string[][] {
  return tables(page)
    .flat()
    .map((row) => [...(/^ *\|((?:`[^`]*`|[^|])*)\|/.exec(row)?.[1] ?? '').matchAll(/`[^`]*`/g)])
    .map((names) => names.map(([name]) => name))
}

/** The page without its code blocks. */
function proseOf(page: string): string {
  return page.replaceAll(fence, '')
}
