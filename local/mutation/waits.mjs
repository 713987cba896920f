// Stands for node:timers/promises in the in-process test runner: a test whose file replaces it, waits on its own clock.
import * as real from 'node:timers/promises'

const replaced = () => globalThis.__stryker__.waits ?? real

export const setTimeout = (...given) => replaced().setTimeout(...given)
export const setImmediate = (...given) => replaced().setImmediate(...given)
export const setInterval = (...given) => real.setInterval(...given)
