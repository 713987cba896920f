/** A tenant's id in the names of queues and in keys, as docs/tenants.md has it. */
export function nameOf(tenant: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(tenant)) return tenant
  const escaped = [...Buffer.from(tenant)].map((byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9.-]/.test(character) ? character : `_${hex(byte)}`
  })
  return `_${escaped.join('')}`
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
