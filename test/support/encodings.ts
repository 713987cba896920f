/** How editors and spreadsheets save a text. */
export const encodings = ['UTF-8', 'UTF-8 with a mark', 'UTF-16LE', 'UTF-16BE'] as const
export type Encoding = (typeof encodings)[number]

/** The bytes of a file with the text; in UTF-16 it has a byte order mark. */
export function written(text: string, encoding: Encoding): Buffer {
  if (encoding === 'UTF-8') return Buffer.from(text)
  if (encoding === 'UTF-8 with a mark') return Buffer.from(`\ufeff${text}`)
  const littleEndian = Buffer.from(`\ufeff${text}`, 'utf16le')
  return encoding === 'UTF-16LE' ? littleEndian : littleEndian.swap16()
}
