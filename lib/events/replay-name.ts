/**
 * EventBridge writes a replay's name into each event that it replays, as `replay-name`, and nobody can
 * send one of his own (user guide, eb-archive): the name says whether everybody is to be told again.
 * It has up to 64 of `.-_A-Za-z0-9` (API reference, StartReplay).
 */
const againPrefix = 'again-'
const plainPrefix = 'replay-'

/** @param unique tells it from others of the same second */
export function replayName(again: boolean, now: Date, unique: string): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return `${again ? againPrefix : plainPrefix}${time}-${unique}`
}

export function tellsAgain(name: string): boolean {
  return name.startsWith(againPrefix)
}
