import { below } from './below.ts'
import type { ChannelMessage } from './channel.ts'
import type { PersonalLinks } from './mail-footer.ts'
import { type OwnLink, signOwnLink } from './own-link.ts'

/** The links of one mail to its reader's own page; none for a message whose reader is not known. */
export type OwnLinks = (message: ChannelMessage) => Promise<PersonalLinks>

/**
 * @param pageUrl where the page is reached
 * @param secrets the cell's secret for links, read for each mail
 */
export function createOwnLinks(
  pageUrl: string,
  secrets: () => Promise<string>,
  now = () => new Date(),
): OwnLinks {
  return async ({ tenant, username, eventType }) => {
    if (username === undefined) return {}
    const signing = await secrets()
    const issuedAt = Math.floor(now().getTime() / 1000)
    const linkFor = (purpose: OwnLink['purpose']) => {
      const token = signOwnLink(signing, { purpose, tenant, username, issuedAt, eventType })
      return below(pageUrl, `${purpose}/${token}`).href
    }
    return { settings: linkFor('page'), unsubscribe: linkFor('unsubscribe') }
  }
}
