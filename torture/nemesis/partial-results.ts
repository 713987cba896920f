import type { Random } from '../plan/random.ts'
import type { AwsCall, Interference } from '../world/aws-link.ts'
import type { Fault } from './fault.ts'

/**
 * EventBridge takes some entries of a call and fails the others for its own reasons. Each result stands
 * at the index of its entry, so a bridge that reads them otherwise loses events.
 */
export const partialResults: Fault = {
  name: 'eventbridge-fails-entries',
  allows: [],
  start({ awsLink }, random) {
    const interfere = (call: AwsCall) =>
      call.action === 'PutEvents' ? half(call, random) : undefined
    awsLink.faults.add(interfere)
    return () => void awsLink.faults.delete(interfere)
  },
}

type Result = { EventId?: string; ErrorCode?: string; ErrorMessage?: string }

function half({ body }: AwsCall, random: Random): Interference | undefined {
  const request = JSON.parse(body.toString())
  const entries: object[] = request.Entries
  const taken = entries.map(() => random.chance(0.5))
  const some = entries.filter((_, index) => taken[index])
  const failure: Result = { ErrorCode: 'InternalFailure', ErrorMessage: 'The rig' }
  const encode = (results: readonly Result[]) => {
    const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length
    return Buffer.from(JSON.stringify({ FailedEntryCount, Entries: results }))
  }
  if (some.length === 0) {
    return { kind: 'answer', status: 200, body: encode(entries.map(() => failure)).toString() }
  }
  return {
    kind: 'change',
    body: Buffer.from(JSON.stringify({ ...request, Entries: some })),
    answer(text) {
      const results: Result[] = JSON.parse(text.toString()).Entries
      return encode(taken.map((isTaken) => (isTaken ? (results.shift() ?? failure) : failure)))
    },
  }
}
