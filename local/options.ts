import { InvalidArgumentError } from 'commander'

// Parsers of the options of npm scripts, beside those of the command (bin/commands/count.ts).

/** Parses a number above 0. */
export function aboveZero(text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new InvalidArgumentError('is not a number above 0')
}

/**
 * Parses names with commas between them.
 *
 * @param known all that may be named
 */
export function someOf(known: () => readonly string[]): (text: string) => readonly string[] {
  return (text) => {
    const names = text.split(',').filter(Boolean)
    const unknown = names.filter((name) => !known().includes(name))
    if (names.length > 0 && unknown.length === 0) return names
    throw new InvalidArgumentError(
      `${unknown.join(', ') || 'nothing'} is none of ${known().join(', ')}`,
    )
  }
}
