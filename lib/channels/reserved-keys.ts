/**
 * Data keys that FCM reserves: three words, and what begins with `google` or `gcm` (reference of
 * projects.messages, `data`).
 */
const reserved = /^(from$|message_type$|collapse_key$|google|gcm)/

/** Whether a push message leaves out custom data of this name. */
export function isReservedKey(key: string): boolean {
  return reserved.test(key)
}
