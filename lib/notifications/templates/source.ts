/**
 * A template's first line is its title, and the rest its body. The body keeps an empty line in place
 * of the title, so that a fault's line number is that of the file.
 */
export function splitSource(source: string): { title: string; body: string } {
  const text = source.replace(/\r\n?/g, '\n')
  const end = text.indexOf('\n')
  return end < 0 ? { title: text, body: '' } : { title: text.slice(0, end), body: text.slice(end) }
}
