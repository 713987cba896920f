// Stands for lib/late.ts in the in-process test runner: what is built in one test, or with one mutant, is not kept for
// the next, which would hide what the building does.
const stryker = globalThis.__stryker__

export function late(build) {
  let built
  let builtFor
  const real = () => {
    const current = `${stryker.activeMutant}: ${stryker.currentTestId}`
    if (builtFor !== current) built = build()
    builtFor = current
    return built
  }
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(real(), key),
      has: (_, key) => Reflect.has(real(), key),
      set: (_, key, value) => Reflect.set(real(), key, value),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor(_, key) {
        const descriptor = Reflect.getOwnPropertyDescriptor(real(), key)
        return descriptor && { ...descriptor, configurable: true }
      },
    },
  )
}
