import { type Parser, type TagToken, type Template, type TopLevelToken, TypeGuards } from 'liquidjs'

/**
 * Takes what stands between a tag and its end from the template's remaining tokens.
 *
 * @throws Error if the end is missing
 */
export function takeBlock(
  token: TagToken,
  end: string,
  remaining: TopLevelToken[],
  parser: Parser,
): Template[] {
  const templates: Template[] = []
  for (let next = remaining.shift(); next; next = remaining.shift()) {
    if (TypeGuards.isTagToken(next) && next.name === end) return templates
    templates.push(parser.parseToken(next, remaining))
  }
  throw new Error(`tag ${token.getText()} not closed`)
}
