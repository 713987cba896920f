export type FileMessage =
  | { state: 'started'; file: string }
  | { state: 'ended'; file: string; passed: number; failed: number }
  | { state: 'finished' }

/** The fields of Jest's arguments that are read here. */
type TestFile = { path: string }
type Result = { numPassingTests: number; numFailingTests: number; testExecError?: unknown }

/** Jest reporter: tells the process that started Jest which files run, and how each ended. */
export default class FileReporter {
  onTestFileStart({ path }: TestFile): void {
    send({ state: 'started', file: path })
  }

  onTestFileResult({ path }: TestFile, result: Result): void {
    const { numPassingTests: passed, numFailingTests, testExecError } = result
    // A file that can't be loaded has no tests to count.
    const failed = numFailingTests + (testExecError && numFailingTests === 0 ? 1 : 0)
    send({ state: 'ended', file: path, passed, failed })
  }

  onRunComplete(): void {
    send({ state: 'finished' })
  }
}

function send(message: FileMessage): void {
  process.send?.(message)
}
