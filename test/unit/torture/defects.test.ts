import { describe, expect, it } from '@jest/globals'
import { readDefects } from '../../../torture/defects.ts'
import { faultNames } from '../../../torture/nemesis/index.ts'
import { applyPatch } from '../../../torture/tree.ts'

describe('the planted defects', () => {
  it.each(readDefects())('$name says what is wrong, and names faults that there are', (defect) => {
    const only = defect.args[defect.args.indexOf('--only') + 1]?.split(',') ?? []
    for (const name of only) expect(faultNames).toContain(name)
    expect(defect.about).not.toBe('')
  })

  // Where the code has changed, the defect is written anew: as a patch of the lines that there are now.
  it.each(readDefects())('$name can still be planted', ({ patch }) => {
    expect(() => applyPatch(patch, '.', '--check')).not.toThrow()
  })
})
