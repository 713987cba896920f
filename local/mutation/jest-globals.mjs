// Stands for @jest/globals in the in-process test runner: collects tests instead of running them.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { bind } = require('jest-each')
const { ModernFakeTimers } = require('@jest/fake-timers')
const clock = new ModernFakeTimers({
  config: { fakeTimers: {}, rootDir: process.cwd() },
  global: globalThis,
})
const mocks = new (require('jest-mock').ModuleMocker)(globalThis)

export const { expect } = require('expect')
export const jest = {
  fn: (implementation) => mocks.fn(implementation),
  spyOn: (object, name) => mocks.spyOn(object, name),
  restoreAllMocks: () => mocks.restoreAllMocks(),
  setTimeout: () => undefined,
  // Of modules, the waits of Node.js alone can be replaced: see waits.mjs.
  unstable_mockModule(name, factory) {
    if (name !== 'node:timers/promises') throw new Error(`${name} can be replaced in Jest only`)
    waits = factory()
  },
  useFakeTimers: (options) => clock.useFakeTimers(options),
  useRealTimers: () => clock.useRealTimers(),
  setSystemTime: (time) => clock.setSystemTime(time),
  advanceTimersByTime: (milliseconds) => clock.advanceTimersByTime(milliseconds),
  advanceTimersByTimeAsync: (milliseconds) => clock.advanceTimersByTimeAsync(milliseconds),
  getTimerCount: () => clock.getTimerCount(),
  clearAllTimers: () => clock.clearAllTimers(),
  runOnlyPendingTimers: () => clock.runOnlyPendingTimers(),
}

/** The suites around the test that is being declared. */
let path = []
let collected = []
let file = ''
/** What takes the place of the waits of Node.js in the file's tests. */
let waits

export function describe(name, declare) {
  path = [...path, { name, before: [], after: [], once: [] }]
  declare()
  path = path.slice(0, -1)
}

export function it(name, body) {
  const around = [...path]
  const id = `${file}: ${[...around, { name }].map((each) => each.name).join(' ')} #${collected.length}`
  collected.push({
    id,
    name: id,
    waits,
    body: () => settled(body),
    get before() {
      return around.flatMap(({ once, before }) => [...once.splice(0), ...before])
    },
    get after() {
      return around.toReversed().flatMap(({ after }) => after)
    },
  })
}

/** A body may be a function of a table's row, which jest-each has bound. */
function settled(body) {
  return body.length > 0
    ? new Promise((resolve, reject) => body((error) => (error ? reject(error) : resolve())))
    : body()
}

describe.each = bind(describe, false)
describe.skip = () => undefined
it.each = bind(it, false)
it.skip = () => undefined
export const test = it
export const beforeEach = (hook) => void path.at(-1).before.push(hook)
export const afterEach = (hook) => void path.at(-1).after.push(hook)
export const beforeAll = (hook) => void path.at(-1).once.push(hook)
export const afterAll = () => undefined

/** @returns the tests that importing the file declares */
export async function testsOf(name, importFile) {
  path = [{ name: '', before: [], after: [], once: [] }]
  collected = []
  file = name
  waits = undefined
  await importFile()
  return collected
}
