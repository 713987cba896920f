import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { reportEntryFailures } from '../../../../lib/bridge/publish/entry-failures.ts'
import type { EcosError } from '../../../../lib/errors.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

it('failed entries are reported at once, and then once a second at most', () => {
  const errors: EcosError[] = []
  const report = reportEntryFailures((error) => void errors.push(error))
  report(['InternalFailure', 'ThrottlingException'], 10)
  jest.advanceTimersByTime(999)
  report(['InternalFailure'], 3)
  expect(errors.map(({ message }) => message)).toEqual([
    'EventBridge failed 2 of 10 entries: ThrottlingException',
  ])
  jest.advanceTimersByTime(1)
  report(['InternalFailure'], 4)
  report(['InternalFailure'], 5)
  expect(errors.slice(1)).toEqual([
    expect.objectContaining({
      code: 'entries-failed',
      retryable: true,
      message: 'EventBridge failed 1 of 4 entries: InternalFailure',
    }),
  ])
})

it('failed entries are reported to nobody where nobody listens', () => {
  expect(() => reportEntryFailures(undefined)(['InternalFailure'], 1)).not.toThrow()
})
