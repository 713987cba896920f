/**
 * The event types that the bridge carries beyond the catalogue: up to 128 letters, digits and `. _ - : / @`
 * of ASCII, with a letter or a digit first. A DetailType has at most 128 characters (EventBridge API
 * reference, PutEventsRequestEntry); the alphabet keeps quotes, spaces and control characters out of
 * rules, names and logs.
 */
const typeName = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$/

export function isTypeName(type: string): boolean {
  return typeName.test(type)
}
