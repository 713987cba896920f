/** Labels of letters, digits and hyphens (RFC 1123, section 2.1), in ASCII. */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

/** A full host name: two labels or more, and the last one is no number. */
const domain = new RegExp(
  `^(?=.{1,253}$)(?:${label}\\.)+(?!\\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$`,
)

/** Resolvers take an underscore too, and a name of one label. */
const resolvableLabel = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const resolvable = new RegExp(`^(?=.{1,254}$)(?:${resolvableLabel}\\.)*${resolvableLabel}\\.?$`)

/** Whether mail can go to the domain, in lower case and in ASCII (IDNA). */
export function isMailDomain(host: string): boolean {
  return domain.test(host)
}

/** Whether a URL's host, which is no IP address, is a name that a resolver takes. */
export function isResolvable(host: string): boolean {
  const labels = host.replace(/\.$/, '').split('.')
  const hasUnderscoredTop = labels.length > 1 && (labels.at(-1) ?? '').includes('_')
  return resolvable.test(host) && !hasUnderscoredTop
}
