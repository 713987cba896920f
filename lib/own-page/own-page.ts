import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type OwnLink, readOwnLink } from '../channels/own-link.ts'
import { reminderType } from '../notifications/notification.ts'
import type { Preferences } from '../notifications/subscriptions/preferences.ts'
import { isNotifiedType } from '../notifications/timing.ts'
import { choicesOf, withoutMail } from './choices.ts'
import { formIn, formOf, preferencesFrom, versionOf } from './form.ts'
import { refusalPage, type SettingsPage, settingsPage, unsubscribePage } from './html.ts'
import type { OwnSettings, OwnSettingsStore } from './store.ts'
import { contentSecurityPolicy } from './style.ts'
import { type Language, languageOf, type Refusal, words } from './words.ts'

/** What holds for a tenant's people who have chosen nothing else. */
export interface TenantDefaults {
  /** IANA. */
  readonly timeZone: string
  /** BCP 47. */
  readonly locale: string
}

export interface OwnPagePorts {
  /** The cell's secret for links. */
  secrets(): Promise<string>
  readonly settings: OwnSettingsStore
  tenantOf(tenant: string): Promise<TenantDefaults>
  /** Whether the person may make one more request now. */
  mayAsk(tenant: string, username: string): Promise<boolean>
  /** Names no person. */
  onChange(tenant: string, what: 'settings' | 'unsubscribed'): void
  /** Only the error's code or name: its message may quote what a person wrote. */
  onFailure(error: unknown): void
  now(): Date
}

/** Bytes of a form: the longest that the page itself sends is far shorter. */
const maxForm = 16 * 1024

/** Tries to unsubscribe while the person's settings are being changed. */
const tries = 5

const statuses = {
  forged: 403,
  foreign: 403,
  expired: 410,
  revoked: 410,
  stale: 409,
  busy: 429,
  failed: 503,
} as const satisfies Record<Refusal, number>

interface Asked {
  readonly link: OwnLink
  readonly stored: OwnSettings
  /** The clock of a person who has chosen none here. */
  readonly zone: string
  readonly language: Language
}

/** A person's own page: `/page/<token>` shows and changes their settings, `/unsubscribe/<token>` ends mails. */
export function ownPage(ports: OwnPagePorts): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value)
  })
  app.use(bodyLimit({ maxSize: maxForm, onError: (context) => refuse(context, 'foreign') }))
  app.onError((error, context) => {
    ports.onFailure(error)
    return refuse(context, 'failed')
  })
  app.notFound((context) => refuse(context, 'forged'))

  app.get('/page/:token', (context) =>
    answer(context, 'page', ports, (asked) => {
      const isSaved = context.req.query('saved') !== undefined
      return context.html(shown(asked, { isSaved }))
    }),
  )
  app.post('/page/:token', (context) =>
    answer(context, 'page', ports, async (asked) => {
      if (isForeign(context)) return refuse(context, 'foreign', asked.language)
      const posted = new URLSearchParams(await context.req.text())
      const { link, stored, language } = asked
      if (posted.get('version') !== versionOf(stored.stored))
        return refuse(context, 'stale', language)
      const form = formIn(posted)
      const result = preferencesFrom(form, choices(asked), stored.preferences)
      if ('faults' in result) {
        return context.html(shown(asked, { form, faults: result.faults }), 422)
      }
      const { tenant, username } = link
      if (!(await ports.settings.save(tenant, username, result.preferences, stored.stored))) {
        return refuse(context, 'stale', language)
      }
      ports.onChange(tenant, 'settings')
      return context.redirect('?saved', 303)
    }),
  )

  const unsubscribed = (context: Context, { link, language }: Asked, isDone: boolean) => {
    const { types, everything } = words[language]
    const what = isNotifiedType(link.eventType)
      ? (types[link.eventType] ?? link.eventType)
      : everything
    return context.html(unsubscribePage(language, what, isDone))
  }
  app.get('/unsubscribe/:token', (context) =>
    answer(context, 'unsubscribe', ports, (asked) => unsubscribed(context, asked, false)),
  )
  // A mail reader posts `List-Unsubscribe=One-Click` by itself (RFC 8058), without cookies or an Origin.
  app.post('/unsubscribe/:token', (context) =>
    answer(context, 'unsubscribe', ports, async (asked) => {
      if (!(await unsubscribe(asked, ports))) return refuse(context, 'busy', asked.language)
      ports.onChange(asked.link.tenant, 'unsubscribed')
      return unsubscribed(context, asked, true)
    }),
  )
  return app
}

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-resource-policy': 'same-origin',
  // The address is a credential: no other site learns it.
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
} as const

/** Answers a request with a valid link; any other gets a page that says why not. */
async function answer(
  context: Context,
  purpose: OwnLink['purpose'],
  ports: OwnPagePorts,
  respond: (asked: Asked) => Response | Promise<Response>,
): Promise<Response> {
  const read = readOwnLink(await ports.secrets(), context.req.param('token') ?? '', ports.now())
  if ('refused' in read) return refuse(context, read.refused)
  const { link } = read
  if (link.purpose !== purpose) return refuse(context, 'forged')
  if (!(await ports.mayAsk(link.tenant, link.username))) return refuse(context, 'busy')
  const [stored, { timeZone, locale }] = await Promise.all([
    ports.settings.read(link.tenant, link.username),
    ports.tenantOf(link.tenant),
  ])
  const { preferences, person } = stored
  const spoken = [preferences?.locale, person?.locale, ...accepted(context), locale]
  const language = languageOf(spoken)
  if (stored.revokedAt !== undefined && link.issuedAt < stored.revokedAt) {
    return refuse(context, 'revoked', language)
  }
  return respond({ link, stored, zone: person?.timeZone ?? timeZone, language })
}

function refuse(
  context: Context,
  refusal: Refusal,
  language = languageOf(accepted(context)),
): Response | Promise<Response> {
  if (refusal === 'busy') context.header('retry-after', '60')
  return context.html(refusalPage(language, refusal), statuses[refusal])
}

function accepted(context: Context): string[] {
  return (context.req.header('accept-language') ?? '').slice(0, 200).split(',')
}

/** Whether a browser says that another site sent the form. The link alone is needed to send one at all. */
function isForeign(context: Context): boolean {
  const site = context.req.header('sec-fetch-site')
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function choices({ link, stored }: Asked) {
  const { subscriptions, rules, preferences } = stored
  const isReminded = link.eventType === reminderType || preferences?.channels?.[reminderType]
  return choicesOf(subscriptions, rules, Boolean(isReminded))
}

function shown(asked: Asked, { isSaved = false, faults = [], ...given }: Partial<SettingsPage>) {
  const { link, stored: settings, zone, language } = asked
  const offered = choices(asked)
  const { form = formOf(offered, settings.preferences, zone) } = given
  const version = versionOf(settings.stored)
  return settingsPage(language, {
    username: link.username,
    choices: offered,
    form,
    version,
    isSaved,
    faults,
  })
}

/** @returns whether it was done; not while others change the same settings again and again */
async function unsubscribe(
  { link, stored: first, zone }: Asked,
  { settings }: OwnPagePorts,
): Promise<boolean> {
  const { tenant, username, eventType } = link
  let { preferences, stored }: Pick<OwnSettings, 'preferences' | 'stored'> = first
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const before: Preferences = preferences ?? { timeZone: zone }
    const next = { ...before, channels: withoutMail(eventType, before) }
    if (await settings.save(tenant, username, next, stored)) return true
    ;({ preferences, stored } = await settings.read(tenant, username))
  }
  return false
}
