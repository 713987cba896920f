import { nameOf } from '../events/schemas/fields.ts'

/** Those whom an event names. */
export interface Recipients {
  /** Distinct user names in lower case. */
  readonly names: readonly string[]
  /** Fields that name somebody who can't be read: these people are not told. */
  readonly unread: readonly string[]
}

/** The recipients of a task's event by ECOS's own rules, from its data as it was sent. */
type Rule = (task: object) => Recipients

/** Everyone who may claim the task. */
export const pooledUsers: Rule = (task) => all(inList(task, 'taskPooledUsers'))

/** The assignee, if the task was assigned to one person rather than offered to a pool. */
export const soleAssignee: Rule = (task) => {
  const { names, unread } = all(inList(task, 'taskPooledUsers'), inList(task, 'taskPooledActors'))
  if (names.length > 0) return { names: [], unread: [] }
  // Whether there is a pool can't be told.
  if (unread.length > 0) return { names, unread }
  return all(inField(task, 'assignee'))
}

/** Whoever has the task, whether it was offered to a pool or not. */
export const assignee: Rule = (task) => inField(task, 'assignee')

/** Everyone whose list of tasks had the task. */
export const pooledUsersAndAssignee: Rule = (task) =>
  all(inList(task, 'taskPooledUsers'), inField(task, 'assignee'))

function inList(task: object, field: string): Recipients {
  const value: unknown = Reflect.get(task, field) ?? []
  if (!Array.isArray(value)) return { names: [], unread: [field] }
  return all(...value.map((element) => namedBy(element, field)))
}

function inField(task: object, field: string): Recipients {
  return namedBy(Reflect.get(task, field), field)
}

function namedBy(value: unknown, field: string): Recipients {
  if (value === undefined || value === null) return { names: [], unread: [] }
  const name = nameOf(value)
  if (name === undefined) return { names: [], unread: [field] }
  // Well-formed, since names that differ only in lone surrogates are the same key in UTF-8.
  const normalized = name.trim().toLowerCase().toWellFormed()
  return { names: normalized === '' ? [] : [normalized], unread: [] }
}

function all(...parts: readonly Recipients[]): Recipients {
  return {
    names: [...new Set(parts.flatMap(({ names }) => names))],
    unread: [...new Set(parts.flatMap(({ unread }) => unread))],
  }
}
