import type { Hono } from 'hono'
import * as z from 'zod'
import type { ConsolePorts } from './ports.ts'
import { parse, tenantId } from './request.ts'

/** The end of the path of a message's HTML. */
export const messagePath = '/message.html'

const byId = z.object({ tenant: tenantId, notification: z.string().regex(/^[0-9a-f]{64}$/) })

/**
 * Somebody else's HTML: it runs no script, loads nothing, opens and submits nothing, also where it is opened outside
 * the frame of the page. It keeps the page's origin, so that the page can measure it: without a script that gives it
 * nothing.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin',
].join('; ')

/** Chromium connects to the host of a frame before the policy refuses the frame: the sender would learn who reads. */
function withoutFrames(html: string): string {
  return html.replaceAll(/<(?=\/?i?frame)/gi, '<no-').replaceAll('<no-/', '</no-')
}

/** A message as it was sent: its parts, and its HTML by itself. */
export function messageRoutes(routes: Hono, ports: Pick<ConsolePorts, 'message'>): void {
  routes.get('/:cell/message', async (context) => {
    const { tenant, notification } = parse(byId, context.req.query())
    const message = await ports.message(context.req.param('cell'), tenant, notification)
    return context.json({ message: message ?? null })
  })
  routes.get(`/:cell${messagePath}`, async (context) => {
    context.header('content-security-policy', contentSecurityPolicy)
    context.header('referrer-policy', 'no-referrer')
    context.header('x-content-type-options', 'nosniff')
    context.header('x-dns-prefetch-control', 'off')
    const { tenant, notification } = parse(byId, context.req.query())
    const message = await ports.message(context.req.param('cell'), tenant, notification)
    return message ? context.html(withoutFrames(message.html)) : context.notFound()
  })
}
