import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { secureHeaders } from 'hono/secure-headers'
import { messagePath } from './message.ts'

/** The page is served from console/page without a build, its libraries from their packages. */
const pageFolder = new URL('../page/', import.meta.url)
const pageFiles = [
  'again.js',
  'age.js',
  'alerts.js',
  'app.js',
  'chart.js',
  'chart-canvas.js',
  'charts.css',
  'actions.js',
  'audit.js',
  'counts.js',
  'dom.js',
  'event.css',
  'event.js',
  'figures.js',
  'letter-groups.js',
  'letter.js',
  'letter-filters.js',
  'letter-list.js',
  'letters.js',
  'letters-read.js',
  'live.js',
  'marks.js',
  'meaning.js',
  'message.js',
  'picture.css',
  'next-try.js',
  'notification-actions.js',
  'outlook.js',
  'picture.js',
  'place.js',
  'range.js',
  'range-choice.js',
  'readable.js',
  'reason.js',
  'redrive.js',
  'runbook.js',
  'runs.js',
  'search.js',
  'seek.js',
  'server.js',
  'shell.css',
  'spark.js',
  'story.js',
  'style.css',
  'table.css',
  'subscriptions.js',
  'tenants.js',
  'texts-actions.js',
  'texts-event.js',
  'texts-letters.js',
  'texts.js',
  'texts-trends.js',
  'texts-troubles.js',
  'ticks.js',
  'trends.js',
  'trends-changed.js',
  'troubles.js',
  'typed-field.js',
  'waterfall.js',
  'way.js',
  'icon.svg',
]
const libraries = ['preact', 'preact/hooks', 'htm', 'uplot']
/** Packages of which Node.js resolves a form that no browser can read. */
const forBrowsers: Readonly<Record<string, string>> = { uplot: 'uplot/dist/uPlot.esm.js' }

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const imports = Object.fromEntries(libraries.map((name) => [name, `/lib/${name}.js`]))
const importMap = JSON.stringify({ imports })

/** All modules are asked for at once: one is found in another, five deep, which takes seconds on a busy machine. */
const preloads = [
  ...pageFiles.filter((name) => extname(name) === '.js').map((name) => `/${name}`),
  ...Object.values(imports),
].map((path) => `<link rel="modulepreload" href="${path}">`)

/** Text of a message stays text: no script but ours runs, and Trusted Types keep text out of HTML. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", `'sha256-${createHash('sha256').update(importMap).digest('base64')}'`],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  // A message, in a frame that may do nothing (message.ts).
  frameSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ["'none'"],
}

const pageHeaders = secureHeaders({
  contentSecurityPolicy,
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  // 127.0.0.1 has no TLS.
  strictTransportSecurity: false,
})

/** The security headers of everything but a message, which has stricter ones. */
export const headers: MiddlewareHandler = (context, next) =>
  context.req.path.endsWith(messagePath) ? next() : pageHeaders(context, next)

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ecos-eventbridge</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<link rel="stylesheet" href="/event.css">
<link rel="stylesheet" href="/table.css">
<link rel="stylesheet" href="/shell.css">
<link rel="stylesheet" href="/picture.css">
<link rel="stylesheet" href="/lib/uplot.css">
<link rel="stylesheet" href="/charts.css">
<script type="importmap">${importMap}</script>
${preloads.join('\n')}
<script type="module" src="/app.js"></script>
</head>
<body></body>
</html>
`

export function pageRoutes(): Hono {
  const routes = new Hono()
  routes.use(compress())
  routes.get('/', (context) => context.html(html))
  for (const name of pageFiles) serve(routes, `/${name}`, new URL(name, pageFolder))
  for (const name of libraries) {
    const file = new URL(import.meta.resolve(forBrowsers[name] ?? name))
    serve(routes, `/lib/${name}.js`, file)
  }
  serve(routes, '/lib/uplot.css', new URL(import.meta.resolve('uplot/dist/uPlot.min.css')))
  return routes
}

function serve(routes: Hono, path: string, file: URL): void {
  const type = types[extname(path)] ?? 'application/octet-stream'
  routes.get(path, (context) =>
    context.body(readFileSync(fileURLToPath(file)), 200, { 'content-type': type }),
  )
}
