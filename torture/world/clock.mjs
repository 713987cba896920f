// Loaded into a worker or a drain by NODE_OPTIONS=--import: its clock is off by the milliseconds in the file RIG_CLOCK.
// It steps while the process runs, as when a machine's time is set.
import { readFileSync } from 'node:fs'

const RealDate = Date
/** Milliseconds between two looks at the file. */
const interval = 250
let offset = 0
let lookedAt = Number.NEGATIVE_INFINITY

function now() {
  if (performance.now() - lookedAt > interval) {
    lookedAt = performance.now()
    offset = Number(readFileSync(process.env.RIG_CLOCK, 'utf8'))
  }
  return RealDate.now() + offset
}

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})
