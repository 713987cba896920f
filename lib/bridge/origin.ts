/** Where a message was first published. */
export interface Origin {
  readonly exchange: string
  readonly routingKey: string
}
