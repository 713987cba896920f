import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Every process that the local stack starts has the state folder in its environment, and its children
 * inherit it. This mark finds processes that left their process group (Erlang's epmd) or that a killed
 * run left behind. A stored process id could be another process's by then.
 */
const MARK = 'ECOS_EVENTBRIDGE_LOCAL'

export function markedEnvironment(stateDir: string): Record<string, string> {
  return { [MARK]: stateDir }
}

const ROUNDS = 200
const ROUND_MS = 20

/** Kills all processes of that state folder. */
export async function endSurvivors(stateDir: string): Promise<void> {
  // Repeated, as a process may start another just before it is killed; bounded, as the kernel may keep
  // a process that waits for I/O.
  for (let round = 0; round < ROUNDS; round += 1) {
    if (killSurvivors(stateDir) === 0) return
    await sleep(ROUND_MS)
  }
}

/** Kills the processes of that state folder that run now. @returns their number */
export function killSurvivors(stateDir: string): number {
  const pids = survivors(stateDir)
  for (const pid of pids) kill(pid)
  return pids.length
}

/** Reads /proc, which only Linux has. */
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

/** Empty for zombies, processes of other users, and processes that have just ended. */
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
    // It has ended.
  }
}
