/** The stub's record of PutEvents calls, in microseconds of the machine's monotonic clock. */
export interface StubReport {
  /** When the count was started. */
  sinceMicros: number
  calls: number
  entries: number
  /** When the first and the last call were accepted. */
  firstMicros: number
  lastMicros: number
  /** Microseconds from publish to accepted, for events that carry the publisher's clock. */
  waits: number[]
  /** When each of those was accepted. */
  acceptedMicros: number[]
  /** When the last event without a clock was accepted. */
  lastUnclockedMicros: number
}

export async function resetStub(url: string): Promise<void> {
  await fetch(`${url}/reset`)
}

export async function readStub(url: string): Promise<StubReport> {
  return (await (await fetch(`${url}/report`)).json()) as StubReport
}
