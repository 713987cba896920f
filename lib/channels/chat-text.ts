import { cut } from '../text.ts'
import type { ChannelMessage } from './channel.ts'

/** UTF-16 code units of title and text: Rocket.Chat takes 5,000, escaped, and Slack and Mattermost more. */
const longestText = 3_000

/** Words after an @ by which a chat calls everybody in a room. */
const callsEverybody = /@(?=(?:all|channel|everyone|here)\b)/giu

/** Where Markdown begins a link's address, as in `[text](address)`, `[text][name]` and `[name]: address`. */
const beforeAddress = /\](?=[([:])/g

type Content = Pick<ChannelMessage, 'title' | 'text' | 'link'>

/**
 * The body of a Slack-compatible incoming webhook. An attachment's title is bold in Slack, Mattermost and
 * Rocket.Chat alike, whose markup for bold text differs, and so is its link.
 *
 * @param room see `ChatTarget`
 */
export function chatMessage({ title, text, link }: Content, room?: string): object {
  const shown = escaped(title)
  const rest = escaped(cut(text.trim(), longestText - title.length))
  return {
    ...(room !== undefined && { channel: room }),
    // No part of the text is markup for Slack.
    attachments: [
      {
        ...{ fallback: shown, title: shown, text: rest, mrkdwn_in: [] },
        ...(link && { title_link: link.url }),
      },
    ],
  }
}

/** Whether the whole text fits. */
export function fitsChat({ title, text }: Content): boolean {
  return title.length + text.trim().length <= longestText
}

/**
 * Escapes Slack's three control characters (docs.slack.dev, "Formatting message text"), which also form
 * its links and calls. Hides `@all` and the like, and links and pictures in Markdown, from Mattermost and
 * Rocket.Chat with a zero-width space.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(callsEverybody, '@\u200b')
    .replaceAll(beforeAddress, ']\u200b')
}
