import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

export interface Access {
  /** In the printed address; whoever has it may come in. */
  readonly token: string
  /** `http://127.0.0.1:<port>`: what is asked for by another name, or from another page, is refused. */
  origin(): string
}

/**
 * Lets in who has the token: once in the address, then in a cookie. Host is checked because a
 * stranger's name may be made to point at 127.0.0.1 (DNS rebinding), and Origin because the browser
 * sends it with what another page makes it ask for.
 */
export function access({ token, origin }: Access): MiddlewareHandler {
  return async (context, next) => {
    const own = new URL(origin())
    const from = context.req.header('origin')
    if (context.req.header('host') !== own.host || (from !== undefined && from !== own.origin)) {
      return refused(context, 403, `Not from here: use ${own.origin}`)
    }
    if (context.req.method !== 'GET' && from === undefined)
      return refused(context, 403, 'No Origin')
    // Cookies are not kept apart by port: two consoles must not put each other out.
    const name = `ecos-console-${own.port}`
    const given = context.req.query('token')
    if (context.req.path === '/' && given !== undefined && isSame(given, token)) {
      setCookie(context, name, token, { httpOnly: true, sameSite: 'Strict', path: '/' })
      return context.redirect('/')
    }
    if (!isSame(getCookie(context, name) ?? '', token)) {
      return refused(context, 401, 'Open the whole address that the console printed.')
    }
    return next()
  }
}

function refused(context: Context, status: 401 | 403, why: string) {
  return context.text(`${why}\n`, status)
}

/** Takes as long for any two texts. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
