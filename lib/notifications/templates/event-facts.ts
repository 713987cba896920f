import { nameIn } from './name-in.ts'

/** What messages say of an event, whatever its type: read from the fields that ECOS's events share. */
export interface EventFacts {
  /** The record's reference. */
  readonly recordRef?: string | undefined
  /** The record's title, in one language or in several. */
  readonly title?: unknown
  readonly workspace?: string | undefined
  readonly taskId?: string | undefined
  /** Epoch milliseconds. */
  readonly due?: number | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Attributes that hold a record's title (Alfresco's content model, and ECOS's own). */
const titleAttributes = ['cm:title', 'title', 'name', 'cm:name']

/** @param data an event's data, parsed by its schema */
export function eventFactsOf(data: object): EventFacts {
  const fields = data as Fields
  const attributes = fieldsIn(fields['attributes'])
  const workspace = ['_workspace?localId', '_workspace', 'workspace'].map(
    (name) => attributes[name],
  )
  return {
    recordRef: textIn(fields['docId']) ?? textIn(fields['document']) ?? textIn(fields['record']),
    title: attributes['title'] ?? titleIn(fields['attrChanges']),
    workspace: [fields['workspace'], ...workspace].map(textIn).find(Boolean),
    taskId: textIn(fields['taskInstanceId']),
    due: typeof fields['dueDate'] === 'number' ? fields['dueDate'] : undefined,
  }
}

/** Fields that name a person of the event. */
const personFields = ['initiator', 'assignee', 'author', 'user'] as const
export type PersonField = (typeof personFields)[number]

/** The user names in an event, in lower case, by the part that each person has in it. */
export function peopleIn(data: object): Partial<Record<PersonField, string>> {
  const fields = data as Fields
  const named = personFields.flatMap((field) => {
    const username = textIn(fields[field])?.trim().toLowerCase().toWellFormed()
    // ECOS's own name where nobody is the initiator.
    return username && username !== 'system' ? [[field, username]] : []
  })
  return Object.fromEntries(named)
}

/** A text that is a record's reference, which says nothing to a person: `workspace://…`, `emodel/contract@42`. */
export function isReference(text: string): boolean {
  return /^(?:[\w./-]*@)?\w+:\/\/\S+$|^[\w.-]+\/[\w.-]+@\S+$/.test(text.trim())
}

function titleIn(changes: unknown): unknown {
  if (!Array.isArray(changes)) return undefined
  const found = titleAttributes
    .map((name) => changes.find((change) => fieldsIn(change)['name'] === name))
    .find((change) => change !== undefined)
  const values = fieldsIn(found)['values']
  return Array.isArray(values) && values.length > 0 ? nameIn(values, 'ru') : undefined
}

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
