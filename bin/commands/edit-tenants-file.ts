import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { encodedLike } from '../../lib/file-text.ts'
import { withFileLock } from './file-lock.ts'
import { readTenantsBytes, readTenantsText } from './tenants-file.ts'

/**
 * Edits tenants.yml: readers, and a command that is killed at any point, find the old text or the new one. Commands
 * that edit at once wait for one another. Mode, owner and encoding stay, and a symbolic link stays one.
 *
 * @param edit returns the new text, and what else the caller needs; what it throws leaves the file as it is
 * @throws EcosError `tenants-unreadable`, `tenants-unwritable`, `tenants-locked`; `tenants-changed` if something else
 *   has written the file meanwhile
 */
export async function editTenantsFile<Edited extends { readonly text: string }>(
  file: string,
  edit: (text: string) => Edited,
): Promise<Edited> {
  readTenantsText(file)
  const path = realpathSync(file)
  try {
    return await withFileLock(path, () => {
      accessSync(path, constants.W_OK)
      const { text: before, bytes } = readTenantsBytes(file)
      const edited = edit(before)
      if (edited.text !== before) replace(path, bytes, encodedLike(bytes, edited.text))
      return edited
    })
  } catch (cause) {
    // Of the operating system.
    if (cause instanceof Error && 'syscall' in cause) throw unwritable(file, cause)
    throw cause
  }
}

function replace(path: string, before: Buffer, after: Buffer): void {
  const temporary = `${path}.new`
  try {
    writeLike(path, temporary, after)
    if (!readTenantsBytes(path).bytes.equals(before)) throw changed(path)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Writes a file, to the disk, with mode and owner of another. */
function writeLike(other: string, path: string, content: Buffer): void {
  const { mode, uid, gid } = statSync(other)
  const descriptor = openSync(path, 'w', mode)
  try {
    writeFileSync(descriptor, content)
    keepOwner(descriptor, uid, gid)
    fchmodSync(descriptor, mode)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Only root may give a file away; nobody else can have to. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid)
  } catch {}
}

export function unwritable(file: string, cause: unknown): EcosError {
  return new EcosError(
    'tenants-unwritable',
    `${file} can't be written: ${messageOf(cause)}. It is as it was. An edit creates files beside it: the folder ` +
      'must be writable too',
    { cause },
  )
}

function changed(path: string): EcosError {
  return new EcosError(
    'tenants-changed',
    `${path} was changed by somebody else meanwhile, and is as they left it: run the command again`,
    { retryable: true },
  )
}
