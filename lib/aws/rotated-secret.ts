/**
 * Does something with a secret that may have been rotated since it was last read: where it fails and
 * the secret is another by now, once more with that one. So a rotation needs no restart, and its
 * first use no wait for the cache to end.
 *
 * @param read the secret's text; `fresh`: not from a cache
 */
export async function withSecret<T>(
  read: (fresh: boolean) => Promise<string>,
  use: (secret: string) => Promise<T>,
): Promise<T> {
  const known = await read(false)
  try {
    return await use(known)
  } catch (error) {
    // The failure is worth more than one of Secrets Manager that came on top.
    const current = await read(true).catch(() => known)
    if (current === known) throw error
    return use(current)
  }
}
