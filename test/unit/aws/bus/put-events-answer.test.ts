import { describe, expect, it } from '@jest/globals'
import { asResult } from '../../../../lib/aws/bus/put-events-answer.ts'

describe('an entry of the answer to PutEvents', () => {
  it.each([
    [{ EventId: 'a' }, { status: 'accepted' }],
    [{ EventId: 'a', ErrorCode: null }, { status: 'accepted' }],
    [{}, { status: 'failed', code: 'no-event-id' }],
    [
      { EventId: null, ErrorCode: null },
      { status: 'failed', code: 'no-event-id' },
    ],
    [
      { EventId: null, ErrorCode: 'InternalFailure' },
      { status: 'failed', code: 'InternalFailure' },
    ],
    [{ ErrorCode: 'MalformedDetail' }, { status: 'refused', code: 'MalformedDetail' }],
  ] as const)('reads %j with or without nulls alike', (entry, result) => {
    expect(asResult(entry)).toEqual(result)
  })
})
