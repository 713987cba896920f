import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { takeLock } from '../../../local/lock.ts'

describe('the lock of a state folder', () => {
  let stateDir: string
  const lock = () => join(stateDir, 'lock')

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'ecos-lock-'))
  })
  afterEach(() => rmSync(stateDir, { recursive: true }))

  it('refuses a second run while the first one lives, and names its process', () => {
    takeLock(stateDir)
    expect(() => takeLock(stateDir)).toThrow(
      expect.objectContaining({
        code: 'already-running',
        message: expect.stringContaining(`process ${process.pid}`),
      }),
    )
  })

  it('can be taken again once it was given back', () => {
    takeLock(stateDir)()
    expect(existsSync(lock())).toBe(false)
    expect(() => takeLock(stateDir)).not.toThrow()
  })

  it.each([
    ['of a process that is gone', '2147483647 1'],
    ['of an earlier process that had the same id', `${process.pid} 1`],
    ['that was cut short while it was written', ''],
  ])('takes over a lock %s', (_, content) => {
    writeFileSync(lock(), content)
    takeLock(stateDir)
    expect(readFileSync(lock(), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  })
})
