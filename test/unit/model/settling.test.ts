import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { seededRandom, virtualTimersPromises } from '../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
// Imported after the clock was replaced: whoever imports lib/waiting.ts before has the real one.
const { calmCommands, emptyModel, faultyCommands } = await import(
  '../../support/settling/commands.ts'
)
const { createSystem } = await import('../../support/settling/system.ts')
const { duplicates, finishers, settleAll } = await import('../../support/settling/verdict.ts')

/** Raise it to look further: MODEL_RUNS=5000. A failure is shrunk if MODEL_SHRINK is set, which takes minutes. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 40)
const endOnFailure = process.env['MODEL_SHRINK'] === undefined
jest.setTimeout(60_000 + numRuns * 2_000)

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

type Commands = typeof faultyCommands

function check(
  commands: Commands,
  wrongWith: (system: ReturnType<typeof createSystem>) => string[],
) {
  const finisher = fc.constantFrom(...finishers)
  return fc.assert(
    fc.asyncProperty(
      commands,
      fc.scheduler(),
      finisher,
      fc.nat(),
      async (all, scheduler, how, seed) => {
        jest.clearAllTimers()
        jest.spyOn(Math, 'random').mockImplementation(seededRandom(seed))
        const system = createSystem(scheduler, jest)
        await fc.asyncModelRun(() => ({ model: emptyModel(), real: system }), all)
        expect(await settleAll(system, how)).toEqual([])
        expect(wrongWith(system)).toEqual([])
      },
    ),
    { numRuns, endOnFailure },
  )
}

it('settles every message where it belongs, whatever dies, fails or answers late', async () => {
  await check(faultyCommands, () => [])
})

it('stores nothing twice while nobody dies and no answer is lost', async () => {
  await check(calmCommands, duplicates)
})
