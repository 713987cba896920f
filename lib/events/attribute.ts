/**
 * What stands in an event's data at a dotted path: `assignee`, `attrChanges.0.name`. A name that is
 * asked of a list is asked of each of its elements, so `attrChanges.name` is the list of all names.
 * Only an object's own fields count. Undefined where the path leads nowhere.
 *
 * An attribute of the record, which was asked for by its path and so stands in `attributes` under
 * that whole path, comes after the event's own fields.
 */
export function attributeAt(data: unknown, path: string): unknown {
  const own = path.split('.').reduce(step, data)
  return own === undefined ? step(step(data, 'attributes'), attributeName(path)) : own
}

/**
 * The name under which an attribute of the record stands in an event's `attributes`: its path, written
 * the shortest way, as the sources of record events write it.
 */
export function attributeName(path: string): string {
  return path.replace(/(?<=.)\?disp$/, '')
}

const index = /^\d+$/

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    if (index.test(name)) return value[Number(name)]
    const found = value.flatMap((element) => step(element, name)).filter((one) => one !== undefined)
    return found.length > 0 ? found : undefined
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
