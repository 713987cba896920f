import type { TaskEvent } from '../events/schemas.ts'

/** The recipients of a task's event by ECOS's own rules: distinct user names in lower case. */
type Rule = (task: TaskEvent) => string[]

/** Everyone who may claim the task. */
export const pooledUsers: Rule = (task) => userNames(task.taskPooledUsers)

/** The assignee, if the task was assigned to one person rather than offered to a pool. */
export const soleAssignee: Rule = (task) => {
  const pooled = [...userNames(task.taskPooledUsers), ...userNames(task.taskPooledActors)]
  return pooled.length > 0 ? [] : userNames([task.assignee])
}

/** Everyone whose list of tasks had the task. */
export const pooledUsersAndAssignee: Rule = (task) =>
  userNames([...task.taskPooledUsers, task.assignee])

/** Well-formed, since names that differ only in lone surrogates are the same key in UTF-8. */
function userNames(names: readonly (string | null | undefined)[]): string[] {
  const normalized = names.map((name) => name?.trim().toLowerCase().toWellFormed() ?? '')
  return [...new Set(normalized.filter((name) => name !== ''))]
}
