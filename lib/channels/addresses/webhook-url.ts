import type { CheckedAddress } from './checked.ts'
import { endpointUrl } from './endpoint-url.ts'

/** An endpoint. The URL's fragment, which is never sent, is dropped. */
export function webhookUrl(text: string, allowPrivate: boolean): CheckedAddress {
  const url = endpointUrl(text, allowPrivate)
  if (!(url instanceof URL)) return url
  url.hash = ''
  return { address: url.href }
}
