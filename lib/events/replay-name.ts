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

const pattern = /^(?:again|replay)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-z]+$/

/** Whether `replayName` has made the name. */
export function isReplayName(name: string): boolean {
  return pattern.test(name)
}

/** The time in a name of `replayName`. */
export function replayedAt(name: string): Date {
  return new Date(name.replace(pattern, '$1-$2-$3T$4:$5:$6Z'))
}
