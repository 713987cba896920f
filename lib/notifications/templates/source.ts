/**
 * A template's first line is its title, and its body all that follows. The body keeps an empty line
 * in the title's place, so that a fault in it is told by the line of the file.
 */
export function splitSource(source: string): { title: string; body: string } {
  const text = source.replace(/\r\n?/g, '\n')
  const end = text.indexOf('\n')
  return end < 0 ? { title: text, body: '' } : { title: text.slice(0, end), body: text.slice(end) }
}
