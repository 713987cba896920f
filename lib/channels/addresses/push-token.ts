import { type CheckedAddress, oneAddressOnly } from './checked.ts'

/** A registration token of Firebase Cloud Messaging, as its SDK gives it to the app. */
export function pushToken(text: string): CheckedAddress {
  if (/[\s,;]/.test(text)) return oneAddressOnly
  return /^[\w:.-]+$/.test(text)
    ? { address: text }
    : { problem: "is not a registration token: write it as Firebase's SDK gives it to the app" }
}
