import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandOutput,
} from '@aws-sdk/lib-dynamodb'
import { statementsInCall } from '../insert-all.ts'
import type { Merge } from './merge.ts'

/** BatchExecuteStatement, of writes alone: reads and writes may not be in one call. */
export const mergeStatements: Merge<BatchExecuteStatementCommandOutput> = {
  most: statementsInCall,

  sizeOf(command) {
    if (!(command instanceof BatchExecuteStatementCommand)) return undefined
    const { Statements = [], ...more } = command.input
    const areWrites = Statements.every(({ Statement = '' }) => !/^\s*SELECT/i.test(Statement))
    return areWrites && Object.keys(more).length === 0 ? Statements.length : undefined
  },

  merge(commands) {
    return new BatchExecuteStatementCommand({
      Statements: commands.flatMap(({ input }) => input.Statements),
    })
  },

  split(commands, { Responses = [] }) {
    let from = 0
    return commands.map(({ input }) => {
      const own = Responses.slice(from, from + input.Statements.length)
      from += input.Statements.length
      return { Responses: own }
    })
  },
}
