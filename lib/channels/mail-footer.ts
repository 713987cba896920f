/** A mail's own links for its one reader, which are made when it is sent. */
export interface PersonalLinks {
  /** The reader's settings of notifications. */
  readonly settings?: string | undefined
  readonly unsubscribe?: string | undefined
}

/** The place in a layout's HTML for the personal links. A page without it shows none. */
export const personalLinksPlace = '<!-- personal links -->'

const words = {
  ru: { settings: 'Настроить уведомления', unsubscribe: 'Отписаться' },
  en: { settings: 'Notification settings', unsubscribe: 'Unsubscribe' },
} as const

interface LabelledLink {
  readonly label: string
  readonly url: string
}

function labelled(links: PersonalLinks, locale: string): LabelledLink[] {
  const labels = /^ru\b/.test(locale) ? words.ru : words.en
  return (['settings', 'unsubscribe'] as const).flatMap((name) => {
    const url = links[name]
    return url === undefined ? [] : [{ label: labels[name], url }]
  })
}

/** The HTML with the links in their place. */
export function htmlWithLinks(html: string, links: PersonalLinks, locale: string): string {
  const anchors = labelled(links, locale).map(
    ({ label, url }) =>
      `<a href="${escaped(url)}" style="color:#5c6673;text-decoration:underline">${label}</a>`,
  )
  return html.replace(personalLinksPlace, () =>
    anchors.length > 0 ? `<br>\n${anchors.join(' · ')}` : '',
  )
}

/** The links for the end of the text, a line for each. */
export function textOfLinks(links: PersonalLinks, locale: string): string[] {
  return labelled(links, locale).map(({ label, url }) => `${label}: ${url}`)
}

function escaped(url: string): string {
  return url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
