export interface Command {
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of many commands
  readonly input: any
}

/** How calls of one kind become one. */
export interface Merge<Answer> {
  /** How much of a call the command takes, in what `most` counts; undefined for a command of another kind. */
  sizeOf(command: Command): number | undefined
  readonly most: number
  merge(commands: readonly Command[]): object
  /** What each command gets of the answer; `again` for one that has to be sent by itself. */
  split(commands: readonly Command[], answer: Answer): readonly (object | typeof again)[]
}

export const again: unique symbol = Symbol('again')
