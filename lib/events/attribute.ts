/**
 * Resolves a dotted path in an event's data: `assignee`, `attrChanges.0.name`. A name applied to a list
 * applies to each element, so `attrChanges.name` is the list of all names. Only own properties count.
 * Undefined when nothing is found.
 *
 * When the event has no such field of its own, the path is looked up as a whole among the record's
 * attributes (`attributes`), which are stored under the paths that were requested.
 */
export function attributeAt(data: unknown, path: string): unknown {
  const own = path.split('.').reduce(step, data)
  return own === undefined ? step(step(data, 'attributes'), attributeName(path)) : own
}

/**
 * The key of a record attribute in an event's `attributes`: its path in canonical form, as the sources of
 * record events write it.
 */
export function attributeName(path: string): string {
  return path.replace(/(?<=.)\?disp$/, '')
}

const index = /^\d+$/

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    if (index.test(name)) return value[Number(name)]
    const found = value
      .flatMap((element) => step(element, name))
      .filter((item) => item !== undefined)
    return found.length > 0 ? found : undefined
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
