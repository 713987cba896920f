import { PassThrough } from 'node:stream'
import { describe, expect, it, jest } from '@jest/globals'
import { inStep } from '../../../local/progress.ts'
import { createTerminal } from '../../../local/terminal.ts'

function plainTerminal() {
  const stream = new PassThrough()
  const terminal = createTerminal(stream as unknown as NodeJS.WriteStream)
  return { terminal, written: () => String(stream.read() ?? '') }
}

describe('progress where there is no terminal', () => {
  it('is one line for a step that is quick, with what came of it', async () => {
    const { terminal, written } = plainTerminal()
    await inStep(
      terminal.onProgress,
      'Broker',
      async () => 41234,
      (port) => `on port ${port}`,
    )
    expect(written()).toBe('✔ Broker  on port 41234  (0.0 s)\n')
  })

  it('says that a step has failed, and lets its error through', async () => {
    const { terminal, written } = plainTerminal()
    const failure = new Error('no such image')
    const step = inStep(terminal.onProgress, 'Broker', () => Promise.reject(failure))
    await expect(step).rejects.toBe(failure)
    expect(written()).toBe('✘ Broker  (0.0 s)\n')
  })

  it('announces a step that takes long', () => {
    jest.useFakeTimers()
    try {
      const { terminal, written } = plainTerminal()
      terminal.onProgress({ name: 'Broker', state: 'start' })
      jest.advanceTimersByTime(999)
      expect(written()).toBe('')
      jest.advanceTimersByTime(1)
      expect(written()).toBe('… Broker\n')
      jest.advanceTimersByTime(5_000)
      terminal.onProgress({ name: 'Broker', state: 'done' })
      expect(written()).toBe('✔ Broker  (6.0 s)\n')
    } finally {
      jest.useRealTimers()
    }
  })
})
