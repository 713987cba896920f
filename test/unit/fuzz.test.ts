import { expect, it } from '@jest/globals'
import { readCorpus } from '../../fuzz/corpus.ts'
import { targets } from '../../fuzz/targets.ts'

/** `npm run fuzz` checks as many as you like; these are the inputs that once failed, and a few more. */
it.each(targets)('$name holds for its corpus and for new inputs', async ({ name, run }) => {
  const seed = Date.now() % 2 ** 31
  await expect(run(100, seed, readCorpus(name))).resolves.toBeUndefined()
})
