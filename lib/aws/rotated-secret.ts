/**
 * Uses a secret that may have been rotated since it was last read. If that fails and the secret has
 * changed, it is used once more with the new text: a rotation needs no restart and no wait for the
 * cache to expire.
 *
 * @param read returns the secret's text; `fresh` bypasses the cache
 */
export async function withSecret<T>(
  read: (fresh: boolean) => Promise<string>,
  use: (secret: string) => Promise<T>,
): Promise<T> {
  const known = await read(false)
  try {
    return await use(known)
  } catch (error) {
    // The failure matters more than a failure of Secrets Manager on top of it.
    const current = await read(true).catch(() => known)
    if (current === known) throw error
    return use(current)
  }
}
