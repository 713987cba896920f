import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Every process that the local stack starts carries its state folder in its environment, and hands
 * it on to whatever it starts itself. By that mark we find those that left their process group
 * (Erlang's epmd) or that a killed run left behind. An id written down could be another process's by
 * then; the mark can't be.
 */
const MARK = 'ECOS_EVENTBRIDGE_LOCAL'

export function markedEnvironment(stateDir: string): Record<string, string> {
  return { [MARK]: stateDir }
}

const ROUNDS = 200
const ROUND_MS = 20

/** Ends all that still runs for that state folder. */
export async function endSurvivors(stateDir: string): Promise<void> {
  // Again until none is found, as one may be starting another just as it is ended; but not for ever,
  // as the kernel may keep one that it is busy for.
  for (let round = 0; round < ROUNDS; round += 1) {
    if (killSurvivors(stateDir) === 0) return
    await sleep(ROUND_MS)
  }
}

/** Kills all that runs for that state folder now, and says how many they were. */
export function killSurvivors(stateDir: string): number {
  const pids = survivors(stateDir)
  for (const pid of pids) kill(pid)
  return pids.length
}

/** Read from /proc, so on Linux alone: elsewhere there is only the process group to go by. */
function survivors(stateDir: string): number[] {
  const entry = `\0${MARK}=${stateDir}\0`
  return processIds()
    .filter((pid) => pid !== process.pid)
    .filter((pid) => `\0${environmentOf(pid)}`.includes(entry))
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Empty for other users' processes, for those that just ended, and for zombies. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}
