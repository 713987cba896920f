import { afterAll, expect, it } from '@jest/globals'
import { createFingerprint } from '../../../build/fingerprint.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

/** As a later run of the program finds it: it has read no file yet. */
const fingerprintOf = (...files: string[]) => createFingerprint()(files)

it('is another one when a file has changed, is gone, or has come', async () => {
  const [a, b] = [folder.write('a.ts', 'one'), folder.write('b.ts', 'two')]
  const before = await fingerprintOf(a, b)
  expect(await fingerprintOf(b, a)).toBe(before)
  expect(await fingerprintOf(a)).not.toBe(before)
  folder.write('b.ts', 'three')
  const after = await fingerprintOf(a, b)
  expect(after).not.toBe(before)
  expect(await fingerprintOf(a, b, folder.path('none.ts'))).not.toBe(after)
  folder.write('b.ts', 'two')
  expect(await fingerprintOf(a, b)).toBe(before)
})
