/** What the broker refuses: it closes the channel with it or, of a hard error, the connection. */
export class Refusal extends Error {
  readonly code: number
  readonly isHard: boolean
  /** The method that is named as refused, if another than the one that is answered. */
  readonly blamed: string | undefined
  constructor(code: number, text: string, isHard = false, blamed?: string) {
    super(text)
    this.code = code
    this.isHard = isHard
    this.blamed = blamed
  }
}

export const accessRefused = (text: string) => new Refusal(403, `ACCESS_REFUSED - ${text}`)

export const notFound = (kind: 'queue' | 'exchange', name: string) =>
  new Refusal(404, `NOT_FOUND - no ${kind} '${name}' in vhost '/'`)

export const locked = (queue: string) =>
  new Refusal(405, `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${queue}'`)

export const preconditionFailed = (text: string) =>
  new Refusal(406, `PRECONDITION_FAILED - ${text}`)

export const notImplemented = (text: string) => new Refusal(540, `NOT_IMPLEMENTED - ${text}`, true)
