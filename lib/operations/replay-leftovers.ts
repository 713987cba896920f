import { replayedAt } from '../events/replay-name.ts'
import type { ReplayState, Replays } from './replay.ts'

const ended: readonly ReplayState[] = ['COMPLETED', 'CANCELLED', 'FAILED']

/**
 * Milliseconds after which a replay that has rules and was not started will not be started either, and after its end
 * its last events have left them: the command that started it, if it lives, waits for them before it removes the rules.
 */
const patience = 60 * 60 * 1000

/**
 * Removes the rules of replays whose command died before it could. Such rules take no event, because their
 * replay is over, but the bus counts them.
 *
 * @returns the names of these replays
 */
export async function removeLeftOvers(replays: Replays, now: Date): Promise<string[]> {
  const removed: string[] = []
  for (const name of await replays.withRules()) {
    const progress = await replays.look(name)
    const last = progress?.endedAt ?? replayedAt(name)
    const isOver = progress === undefined || ended.includes(progress.state)
    if (!isOver || now.getTime() - last.getTime() <= patience) continue
    await replays.removeRules(name)
    removed.push(name)
  }
  return removed
}
