import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** The clock of the worker and of the drains, which a fault sets wrong. */
export interface Clock {
  /** For the environment of their processes. */
  readonly env: Readonly<Record<string, string>>
  /** Node's option that makes a process go by this clock. */
  readonly option: string
  /** @param offset milliseconds by which it is ahead; 0: it is right */
  set(offset: number): Promise<void>
}

export async function createClock(stateDir: string): Promise<Clock> {
  const file = resolve(stateDir, 'rig-clock')
  await mkdir(dirname(file), { recursive: true })
  const set = async (offset: number) => {
    // Nobody reads half a number.
    await writeFile(`${file}.next`, String(offset))
    await rename(`${file}.next`, file)
  }
  await set(0)
  return {
    env: { RIG_CLOCK: file },
    option: `--import=${resolve('torture/world/clock.mjs')}`,
    set,
  }
}
