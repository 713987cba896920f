import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { editTenantsFile } from '../../../bin/commands/edit-tenants-file.ts'
import { identityOf, removeAbandoned } from '../../../bin/commands/file-lock.ts'
import { addTenant } from '../../../lib/tenants/edit-file.ts'
import { encodings, written } from '../../support/encodings.ts'

const folder = mkdtempSync(join(tmpdir(), 'edit-tenants-file-'))
const file = join(folder, 'tenants.yml')
const lock = `${file}.lock`
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  writeFileSync(file, 'tenants: {}\n')
})

const append = (line: string) => editTenantsFile(file, (text) => ({ text: `${text}# ${line}\n` }))
const textNow = () => readFileSync(file, 'utf8')

describe('an edit of the tenants file', () => {
  it('replaces the file as a whole, and leaves nothing else behind', async () => {
    const before = statSync(file).ino
    await append('a')
    expect(textNow()).toBe('tenants: {}\n# a\n')
    // Whoever reads the old file meanwhile reads it to its end.
    expect(statSync(file).ino).not.toBe(before)
    expect(readdirSync(folder)).toEqual(['tenants.yml'])
  })

  it('keeps the mode, and a symbolic link', async () => {
    chmodSync(file, 0o640)
    const link = join(folder, 'link.yml')
    symlinkSync('tenants.yml', link)
    await editTenantsFile(link, (text) => ({ text: `${text}# a\n` }))
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(textNow()).toContain('# a')
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  it.each(encodings)('keeps %s, whatever the way of the edit', async (encoding) => {
    const texts = ['tenants: { a: {} }\n', 'tenants:\n  a:\n    locale: en\n', 'tenants: {}\n']
    for (const text of texts) {
      writeFileSync(file, written(text, encoding))
      const edited = addTenant({ text, file }, 'договор', {})
      await editTenantsFile(file, (before) => {
        return { text: addTenant({ text: before, file }, 'договор', {}) }
      })
      expect(readFileSync(file)).toEqual(written(edited, encoding))
    }
  })

  it('does not undo what somebody else writes meanwhile in another encoding', async () => {
    const editing = editTenantsFile(file, (text) => {
      writeFileSync(file, written(text, 'UTF-16LE'))
      return { text: `${text}# a\n` }
    })
    await expect(editing).rejects.toMatchObject({ code: 'tenants-changed' })
    expect(readFileSync(file)).toEqual(written('tenants: {}\n', 'UTF-16LE'))
  })

  it('leaves the file as it is where it fails', async () => {
    const before = statSync(file)
    const editing = editTenantsFile(file, () => {
      throw new Error('no')
    })
    await expect(editing).rejects.toThrow('no')
    expect(statSync(file).ino).toBe(before.ino)
    expect(readdirSync(folder)).toEqual(['tenants.yml'])
  })

  it('waits for the edit of another command, and comes after it', async () => {
    writeFileSync(lock, `${process.pid} ${hostname()}\n`)
    const editing = append('second')
    writeFileSync(file, 'tenants: {}\n# first\n')
    rmSync(lock)
    await editing
    expect(textNow()).toBe('tenants: {}\n# first\n# second\n')
  })

  it('comes after a command that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(lock, `${pid} ${hostname()}\n`)
    writeFileSync(`${file}.new`, 'tenants: { half')
    await append('a')
    expect(textNow()).toBe('tenants: {}\n# a\n')
    expect(readdirSync(folder)).toEqual(['tenants.yml'])
  })

  it('leaves alone the lock of a command that was quicker to take over from one that was killed', () => {
    writeFileSync(lock, 'killed')
    const found = identityOf(lock) ?? 'absent'
    rmSync(lock)
    writeFileSync(lock, 'quicker')
    expect(removeAbandoned(lock, found)).toBe(true)
    expect(readFileSync(lock, 'utf8')).toBe('quicker')
    expect(readdirSync(folder)).toEqual(['tenants.yml', 'tenants.yml.lock'])
  })

  it('removes a lock only as the one command that may', () => {
    writeFileSync(lock, 'killed')
    const found = identityOf(lock) ?? 'absent'
    writeFileSync(`${lock}.${found}`, 'another command removes it')
    expect(removeAbandoned(lock, found)).toBe(false)
    expect(readFileSync(lock, 'utf8')).toBe('killed')
  })

  it('does not undo what somebody else writes meanwhile', async () => {
    const editing = editTenantsFile(file, (text) => {
      writeFileSync(file, 'tenants: { by-hand: }\n')
      return { text: `${text}# a\n` }
    })
    await expect(editing).rejects.toMatchObject({ code: 'tenants-changed' })
    expect(textNow()).toBe('tenants: { by-hand: }\n')
    expect(readdirSync(folder)).toEqual(['tenants.yml'])
  })

  it.each(['absent/tenants.yml', '.'])('says that %s can not be read', async (name) => {
    const editing = editTenantsFile(join(folder, name), (text) => ({ text }))
    await expect(editing).rejects.toMatchObject({ code: 'tenants-unreadable' })
  })
})
