/**
 * Something that is built when it is first used. Schemas are: a function's start would otherwise build hundreds of them,
 * of which its messages need a few.
 */
export function late<Built extends object>(build: () => Built): Built {
  let built: Built | undefined
  const real = (): Built => {
    built ??= build()
    return built
  }
  return new Proxy({} as Built, {
    get: (_, key) => Reflect.get(real(), key),
    has: (_, key) => Reflect.has(real(), key),
    set: (_, key, value) => Reflect.set(real(), key, value),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor(_, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), key)
      // A proxy may not show a lasting property that its own target lacks.
      return descriptor && { ...descriptor, configurable: true }
    },
  })
}
