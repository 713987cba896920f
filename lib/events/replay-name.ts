/**
 * EventBridge adds `replay-name` to each replayed event, and senders can't set it (user guide,
 * eb-archive), so the name can carry whether everybody is to be notified again. It has up to 64 characters
 * of `.-_A-Za-z0-9` (API reference, StartReplay).
 */
const againPrefix = 'again-'
const plainPrefix = 'replay-'

/** @param unique distinguishes replays of the same second */
export function replayName(again: boolean, now: Date, unique: string): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return `${again ? againPrefix : plainPrefix}${time}-${unique}`
}

export function tellsAgain(name: string): boolean {
  return name.startsWith(againPrefix)
}
