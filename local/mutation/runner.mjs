// A test runner for Stryker that keeps the tests in one process: a mutant costs the time of its tests alone, and
// not the start of Jest, which takes seconds. Tests use the same `expect`, `jest.fn` and tables as in Jest.
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'

// A property that fails has done its work: nobody reads the smallest input.
fc.configureGlobal({ endOnFailure: true, numRuns: 50 })

const globals = new URL('jest-globals.mjs', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
})

globalThis.__stryker__ ??= {}
const stryker = globalThis.__stryker__
const { jest, testsOf } = await import(globals)

/** @param files of tests, relative to the sandbox */
function createRunner({ testFiles }) {
  /** Milliseconds of each test, by id. */
  const times = new Map()
  let loaded
  const load = () => {
    loaded ??= loadAll(testFiles)
    return loaded
  }

  return {
    capabilities: () => ({ reloadEnvironment: false }),
    async dryRun() {
      const tests = []
      for (const test of await load()) {
        stryker.currentTestId = test.id
        const since = performance.now()
        const failure = await run(test)
        times.set(test.id, performance.now() - since)
        tests.push(resultOf(test, times.get(test.id), failure))
      }
      stryker.currentTestId = undefined
      return { status: 'complete', tests, mutantCoverage: stryker.mutantCoverage }
    },
    async mutantRun({ activeMutant, testFilter, hitLimit }) {
      const tests = await load()
      const covering = new Set(testFilter ?? tests.map(({ id }) => id))
      // The quick tests first: most mutants are killed by one of them.
      const chosen = tests
        .filter(({ id }) => covering.has(id))
        .sort((a, b) => (times.get(a.id) ?? 0) - (times.get(b.id) ?? 0))
      Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit })
      let nrOfTests = 0
      for (const test of chosen) {
        nrOfTests += 1
        const failure = await run(test)
        if (stryker.hitCount > hitLimit) return { status: 'timeout', reason: 'hit limit' }
        if (failure !== undefined) {
          return { status: 'killed', killedBy: [test.id], failureMessage: failure, nrOfTests }
        }
      }
      return { status: 'survived', nrOfTests }
    },
  }
}

async function loadAll(files) {
  const tests = []
  for (const file of files) {
    tests.push(...(await testsOf(file, () => import(pathToFileURL(resolve(file)).href))))
  }
  return tests
}

/** @returns why the test failed */
async function run({ before, body, after }) {
  try {
    for (const hook of before) await hook()
    await body()
    return undefined
  } catch (error) {
    return String(error?.message ?? error).slice(0, 300)
  } finally {
    jest.useRealTimers()
    for (const hook of after) await Promise.resolve(hook()).catch(() => undefined)
  }
}

function resultOf({ id, name }, timeSpentMs, failureMessage) {
  return failureMessage === undefined
    ? { id, name, timeSpentMs, status: 'success' }
    : { id, name, timeSpentMs, status: 'failed', failureMessage }
}

function factory(options) {
  return createRunner(options.inProcess)
}
factory.inject = ['options']

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory }]
export const strykerValidationSchema = { properties: { inProcess: { type: 'object' } } }
// A rejection that no test waits for is a failure of none.
process.on('unhandledRejection', () => undefined)
