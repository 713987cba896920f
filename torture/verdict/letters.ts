import type { Letter } from '../ledger/letters.ts'
import { type EventCase, mostCopies, type Problem } from './verdict.ts'

/** Only a message that may not pass is set aside: with its own reason, in its own place, for its tenant. */
export function judgeLetters(given: EventCase): Problem[] {
  const { message, findings, report } = given
  const { mark, tenant, expected } = message
  const letters = findings.letters.filter((letter) => letter.mark === mark)
  if (expected.end === 'handled') {
    return letters.map(({ queue, reason }) =>
      report('innocent-set-aside', `in ${queue}: ${reason}`),
    )
  }
  const isRight = ({ queue, reason }: Letter) => {
    switch (expected.end) {
      case 'quarantined':
        return queue === 'quarantine' && reason === expected.reason
      case 'dead-lettered':
        return queue.endsWith('-dlq') && reason === expected.code
      case 'set-aside-by-broker':
        return queue.endsWith('.dead-letter') && reason === expected.reason
    }
  }
  const problems = letters
    .filter((letter) => !isRight(letter))
    .map(({ queue, reason }) => report('wrongly-set-aside', `in ${queue}: ${reason}`))
  for (const letter of letters) {
    if (letter.tenant !== undefined && letter.tenant !== tenant) {
      problems.push(report('cross-tenant', `in the quarantine as of ${letter.tenant}`))
    }
  }
  if (letters.length === 0) problems.push(report('lost', `was not ${expected.end}`))
  if (letters.length > mostCopies(given, 'twice-set-aside')) {
    problems.push(report('set-aside-twice', `${letters.length} times`))
  }
  if (findings.arrivals.some((arrival) => arrival.mark === mark)) {
    problems.push(report('bad-delivered', 'somebody was told of it'))
  }
  return problems
}
