import { describe, expect, it } from '@jest/globals'
import { withSecret } from '../../../lib/aws/rotated-secret.ts'

/** A secret whose cached text is one and whose current text is another, and the reads of it. */
function secret(cached: string, current: string) {
  const reads: boolean[] = []
  const read = async (fresh: boolean) => {
    reads.push(fresh)
    return fresh ? current : cached
  }
  return { reads, read }
}

const refuseAllBut = (right: string) => async (text: string) => {
  if (text !== right) throw new Error(`refused ${text}`)
  return 'in'
}

describe('withSecret', () => {
  it('asks for the secret anew only after a failure', async () => {
    const { read, reads } = secret('right', 'other')
    expect(await withSecret(read, refuseAllBut('right'))).toBe('in')
    expect(reads).toEqual([false])
  })

  it('tries once more with a secret that was rotated', async () => {
    const { read } = secret('old', 'new')
    expect(await withSecret(read, refuseAllBut('new'))).toBe('in')
    await expect(withSecret(read, refuseAllBut('newer'))).rejects.toThrow('refused new')
  })

  it('tries no secret twice', async () => {
    let tries = 0
    const use = async () => {
      tries += 1
      throw new Error('refused')
    }
    await expect(withSecret(secret('same', 'same').read, use)).rejects.toThrow('refused')
    expect(tries).toBe(1)
  })

  it('throws the failure itself if the secret cannot be read again', async () => {
    const read = async (fresh: boolean) => {
      if (fresh) throw new Error('Secrets Manager is down')
      return 'old'
    }
    await expect(withSecret(read, refuseAllBut('new'))).rejects.toThrow('refused old')
  })
})
