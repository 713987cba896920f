import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { seededRandom, virtualTimersPromises } from '../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
// Imported after the clock was replaced: whoever imports lib/waiting.ts before has the real one.
const { commands, emptyModel } = await import('../../support/settling/commands.ts')
const { createSystem } = await import('../../support/settling/system.ts')
const { settleAll } = await import('../../support/settling/verdict.ts')

const numRuns = Number(process.env['MODEL_RUNS'] ?? 60)
jest.setTimeout(60_000 + numRuns * 2_000)

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

it('settles every message where it belongs, whatever dies, fails, or answers late', async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.scheduler(), fc.nat(), async (faults, scheduler, seed) => {
      jest.clearAllTimers()
      jest.spyOn(Math, 'random').mockImplementation(seededRandom(seed))
      const system = createSystem(scheduler, jest)
      await fc.asyncModelRun(() => ({ model: emptyModel(), real: system }), faults)
      expect(await settleAll(system)).toEqual([])
    }),
    {
      numRuns,
      ...JSON.parse(process.env['MODEL_REPLAY'] ?? '{}'),
      endOnFailure: process.env['MODEL_SHRINK'] === undefined,
      interruptAfterTimeLimit: 30_000 + numRuns * 1_000,
    },
  )
})
