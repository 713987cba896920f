/** How Node and the SDK say that a connection was not made, so that nothing was sent over it. */
const notConnected =
  /ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|without establishing a connection/

/**
 * Whether a call may have had an effect although it failed: it was sent, and no answer came. Holds for
 * the errors of a client that makes one attempt only (`maxAttempts`).
 *
 * Source: @smithy/node-http-handler, whose time-outs of both kinds are a TimeoutError
 */
export function mayHaveArrived(error: unknown): boolean {
  const { name, code, message, $metadata } = Object(error)
  if ($metadata?.httpStatusCode !== undefined || name === 'CredentialsProviderError') return false
  if (notConnected.test(`${code} ${message}`)) return false
  return $metadata?.attempts > 0 || name === 'TimeoutError' || name === 'AbortError'
}
