/**
 * An address as the channel's provider takes it, or the reason why it takes none, which says what to
 * do and does not repeat the address.
 */
export type CheckedAddress = { readonly address: string } | { readonly problem: string }

export const oneAddressOnly: CheckedAddress = {
  problem: 'has several addresses: add an action for each',
}
