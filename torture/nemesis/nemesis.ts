import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedFault } from '../plan/plan.ts'
import { createRandom } from '../plan/random.ts'
import type { World } from '../world/world.ts'
import { faultNamed } from './index.ts'

/** Plays the faults at their times. Resolves when all have ended; one that can't be ended rejects. */
export async function playFaults(
  world: World,
  faults: readonly PlannedFault[],
  print: (line: string) => void,
): Promise<void> {
  const start = Date.now()
  const places = new Map<string, Promise<void>>()
  const playing = faults.map(async (planned) => {
    await sleep(Math.max(0, start + planned.at - Date.now()))
    const { place = planned.name } = faultNamed(planned.name)
    const played = (places.get(place) ?? Promise.resolve()).then(() => play(planned))
    places.set(place, played)
    await played
  })
  await Promise.all(playing)

  async function play({ name, lasts, seed }: PlannedFault): Promise<void> {
    print(`${seconds(start)}  ${name} for ${(lasts / 1000).toFixed(1)} s`)
    const end = await faultNamed(name).start(world, createRandom(seed))
    await sleep(lasts)
    await end()
  }
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(0).padStart(4)} s`
}
