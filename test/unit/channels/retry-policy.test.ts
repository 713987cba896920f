import { describe, expect, it } from '@jest/globals'
import { retryPolicy, retryPolicyVariable } from '../../../lib/channels/retry-policy.ts'

const policy = {
  tries: 5,
  firstWaitSeconds: 2,
  factor: 3,
  capSeconds: 60,
  jitter: 0.5,
  timeToLiveSeconds: 3600,
  uncertainRepeats: 2,
  uncertainWaitSeconds: 1800,
}

describe('a retry policy', () => {
  it('is read from the variable that the template writes', () => {
    expect(retryPolicyVariable.parse(JSON.stringify(policy))).toEqual(policy)
  })

  it('takes numbers that are text, as parameters on a command line are', () => {
    const texts = Object.entries(policy).map(([name, value]) => [name, String(value)])
    expect(retryPolicy.parse(Object.fromEntries(texts))).toEqual(policy)
  })

  it.each([
    ['tries', 0],
    ['tries', 1.5],
    ['tries', 1001],
    ['firstWaitSeconds', 0],
    ['factor', 0.5],
    ['capSeconds', 1],
    ['capSeconds', 43_200],
    ['jitter', 1.1],
    ['timeToLiveSeconds', 0],
    ['forever', true],
  ])('with %s %s is refused', (name, value) => {
    expect(retryPolicy.safeParse({ ...policy, [name]: value }).success).toBe(false)
  })

  it('that is no JSON is refused', () => {
    expect(retryPolicyVariable.safeParse('5').success).toBe(false)
    expect(retryPolicyVariable.safeParse('tries: 5').success).toBe(false)
  })
})
