// A test runner for Stryker that keeps the tests in one process: a mutant costs the time of its tests alone, and
// not the start of Jest, which takes seconds. Tests use the same `expect`, `jest.fn` and tables as in Jest.
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'

// A property that fails has done its work: nobody reads the smallest input. A fixed seed gives each run the same verdict.
fc.configureGlobal({ endOnFailure: true, numRuns: 50, seed: 20261128 })

const globals = new URL('jest-globals.mjs', import.meta.url).href
const late = new URL('late.mjs', import.meta.url).href
const waits = new URL('waits.mjs', import.meta.url).href
registerHooks({ resolve: resolveInEnvironment })

/** An environment is an instance of all modules of the project. Its number is in the query of their URLs. */
function resolveInEnvironment(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, shortCircuit: true }
  if (specifier === 'node:timers/promises' && /\.ts(\?|$)/.test(context.parentURL)) {
    return { url: waits, shortCircuit: true }
  }
  const resolved = next(specifier, context)
  if (resolved.url.endsWith('/lib/late.ts')) return { url: late, shortCircuit: true }
  const query = /\?environment=\d+$/.exec(context.parentURL ?? '')?.[0]
  const isOwn = /^file:.*\.ts$/.test(resolved.url) && !resolved.url.includes('/node_modules/')
  return query && isOwn ? { ...resolved, url: resolved.url + query } : resolved
}

globalThis.__stryker__ ??= {}
const stryker = globalThis.__stryker__
const { jest, testsOf } = await import(globals)
// Tests may replace the timers.
const { setTimeout, clearTimeout } = globalThis

/** @param files of tests, relative to the sandbox */
function createRunner({ testFiles }) {
  /** Milliseconds of each test, by id. */
  const times = new Map()
  /** How often a test or a file has killed a mutant, lately. */
  const kills = new Map()
  /** Ids of the tests that fail without any mutant, because they need Jest itself. */
  const unfit = new Set()
  let environments = 0
  let loaded
  const load = () => {
    loaded ??= loadAll(testFiles)
    return loaded
  }

  return {
    capabilities: () => ({ reloadEnvironment: true }),
    async dryRun() {
      const tests = []
      for (const test of await load()) {
        stryker.currentTestId = test.id
        const since = performance.now()
        const failure = await run(test)
        times.set(test.id, performance.now() - since)
        if (failure === undefined) tests.push(resultOf(test, times.get(test.id)))
        else leaveOut(test, failure)
      }
      stryker.currentTestId = undefined
      return { status: 'complete', tests, mutantCoverage: stryker.mutantCoverage }
    },
    async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment }) {
      if (!reloadEnvironment) await load()
      // A property hits so often that Stryker's own limit is minutes away.
      const limit = Math.min(hitLimit ?? mostHits, mostHits)
      Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit: limit })
      try {
        return await (reloadEnvironment
          ? runInNewEnvironment(activeMutant.fileName)
          : runTests(await load(), new Set(testFilter)))
      } finally {
        stryker.activeMutant = undefined
      }
    },
  }

  function leaveOut({ id }, failure) {
    unfit.add(id)
    process.stderr.write(`Left out: ${id}: ${failure.split('\n')[0]}\n`)
  }

  async function runTests(tests, covering) {
    const chosen = tests.filter(({ id }) => covering.has(id) && !unfit.has(id))
    return runUntilKilled(byPromise(chosen, ({ id }) => times.get(id)))
  }

  /**
   * What runs at import alone shows a mutant in a new environment only. That costs the loading of each test file, so
   * only those run that import the mutated one themselves.
   */
  async function runInNewEnvironment(mutated) {
    environments += 1
    const query = `?environment=${environments}`
    const direct = testFiles.filter((file) => imports(file, mutated))
    const over = testFiles.filter((file) => importsOver(file, mutated))
    const near = [direct, over, testFiles].find((some) => some.length > 0) ?? []
    const files = byPromise(
      near.map((id) => ({ id })),
      () => 1,
    )
    let nrOfTests = 0
    for (const { id: file } of files) {
      const result = await runFile(file, query)
      nrOfTests += result.nrOfTests
      if (result.status === 'survived') continue
      kills.set(file, (kills.get(file) ?? 0) + 1)
      return { ...result, nrOfTests }
    }
    return { status: 'survived', nrOfTests }
  }

  async function runFile(file, query) {
    try {
      const tests = await testsOf(file, () => import(pathToFileURL(resolve(file)).href + query))
      return await runUntilKilled(tests.filter(({ id }) => !unfit.has(id)))
    } catch (error) {
      const failureMessage = `${file} can't be loaded: ${error?.message}`
      return {
        status: 'killed',
        killedBy: [...times.keys()].slice(0, 1),
        failureMessage,
        nrOfTests: 1,
      }
    }
  }

  async function runUntilKilled(tests) {
    for (const [id, count] of kills) kills.set(id, count * 0.95)
    let nrOfTests = 0
    for (const test of tests) {
      nrOfTests += 1
      const failure = await run(test, 3_000 + 20 * (times.get(test.id) ?? 0))
      if (failure === hung || stryker.hitCount > stryker.hitLimit) {
        return { status: 'timeout', reason: 'a test does not end', nrOfTests }
      }
      if (failure === undefined) continue
      kills.set(test.id, (kills.get(test.id) ?? 0) + 1)
      return { status: 'killed', killedBy: [test.id], failureMessage: failure, nrOfTests }
    }
    return { status: 'survived', nrOfTests }
  }

  /** First what most likely kills a mutant in the least time. */
  function byPromise(items, timeOf) {
    const promise = ({ id }) => (0.1 + (kills.get(id) ?? 0)) / Math.max(timeOf({ id }) ?? 1, 0.2)
    return items.toSorted((a, b) => promise(b) - promise(a))
  }
}

async function loadAll(files) {
  const tests = []
  for (const file of files) {
    try {
      tests.push(...(await testsOf(file, () => import(pathToFileURL(resolve(file)).href))))
    } catch (error) {
      process.stderr.write(`Left out: ${file}: ${error?.message}\n`)
    }
  }
  return tests
}

/** Whether the file of tests names the mutated file among its imports. */
function imports(file, mutated) {
  return readFileSync(file, 'utf8').includes(`/${basename(mutated)}'`)
}

/** Whether a source that the file of tests imports imports the mutated one. */
function importsOver(file, mutated) {
  const sources = readFileSync(file, 'utf8').matchAll(/'(\.[^']+\.ts)'/g)
  return sources.some(([, source]) => {
    const path = resolve(dirname(file), source)
    return existsSync(path) && imports(path, mutated)
  })
}

/** Hits of one change after which its loop does not end. */
const mostHits = 30_000_000

const hung = 'The test does not end'

/** Fails the test that runs. */
let interrupt
// An exception that nobody catches, such as that of an 'error' event without a listener, fails the test, as in Jest.
process.on('uncaughtException', (error) => interrupt?.(error))

/** @returns why the test failed */
async function run({ before, body, after, waits: replaced }, limit = 60_000) {
  let timer
  stryker.waits = replaced
  const interruption = new Promise((_, reject) => {
    timer = setTimeout(() => reject(hung), limit)
    interrupt = reject
  })
  try {
    await Promise.race([inOrder([...before, body]), interruption])
    return undefined
  } catch (error) {
    return String(error?.message ?? error).slice(0, 300)
  } finally {
    clearTimeout(timer)
    jest.useRealTimers()
    for (const hook of after) await Promise.resolve(hook()).catch(() => undefined)
  }
}

async function inOrder(steps) {
  for (const step of steps) await step()
}

function resultOf({ id, name }, timeSpentMs) {
  return { id, name, timeSpentMs, status: 'success' }
}

function factory(options) {
  return createRunner(options.inProcess)
}
factory.inject = ['options']

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory }]
export const strykerValidationSchema = { properties: { inProcess: { type: 'object' } } }
// A rejection that no test waits for is a failure of none.
process.on('unhandledRejection', () => undefined)
