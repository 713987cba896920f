import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

export interface Access {
  /** Part of the printed address: it grants access. */
  readonly token: string
  /** `http://127.0.0.1:<port>`: requests with another Host or Origin are refused. */
  origin(): string
}

/** Sec-Fetch-Site of requests by this page, and by the person who typed an address. */
const ownSites = ['same-origin', 'none']

/**
 * Accepts requests with the token: first in the address, then in a cookie. Checking Host stops DNS
 * rebinding, where a foreign name points at 127.0.0.1; checking Origin and Sec-Fetch-Site stops requests
 * of other pages.
 */
export function access({ token, origin }: Access): MiddlewareHandler {
  return async (context, next) => {
    const own = new URL(origin())
    const from = context.req.header('origin')
    if (context.req.header('host') !== own.host || (from !== undefined && from !== own.origin)) {
      return refused(context, 403, `Forbidden: open ${own.origin}`)
    }
    if (context.req.method !== 'GET' && from === undefined)
      return refused(context, 403, 'Forbidden: the Origin header is missing')
    // A page on another port of this machine is of the same site: the browser sends it the cookie, but says so.
    const site = context.req.header('sec-fetch-site') ?? 'none'
    if (context.req.path.startsWith('/api/') && !ownSites.includes(site))
      return refused(context, 403, `Forbidden: open ${own.origin}`)
    // Browsers share cookies between ports: two consoles must not overwrite each other's.
    const name = `ecos-console-${own.port}`
    const given = context.req.query('token')
    if (context.req.path === '/' && given !== undefined && isSame(given, token)) {
      setCookie(context, name, token, { httpOnly: true, sameSite: 'Strict', path: '/' })
      const language = context.req.query('lang')
      return context.redirect(language ? `/?${new URLSearchParams({ lang: language })}` : '/')
    }
    if (!isSame(getCookie(context, name) ?? '', token)) {
      return refused(context, 401, 'Open the full address that the console printed.')
    }
    return next()
  }
}

function refused(context: Context, status: 401 | 403, why: string) {
  return context.text(`${why}\n`, status)
}

/** Compares in constant time. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
