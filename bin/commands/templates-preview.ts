import { existsSync, writeFileSync } from 'node:fs'
import type { ChannelName } from '../../lib/channels/channel.ts'
import { htmlWithLinks } from '../../lib/channels/mail-footer.ts'
import { anyName } from '../../lib/notifications/templates/any-name.ts'
import { readBuiltIn, readOperators } from '../../lib/notifications/templates/files.ts'
import { findTemplate } from '../../lib/notifications/templates/lookup.ts'
import { allTenants, templatePath } from '../../lib/notifications/templates/paths.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import { samplesOf } from '../../lib/notifications/templates/samples.ts'
import type { NotifiedType } from '../../lib/notifications/timing.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault, say } from '../say.ts'
import { arriving } from './channel-preview.ts'
import { type FileEvent, readEventFile } from './event-file.ts'
import { didYouMean } from './suggestion.ts'
import { readTenants } from './tenants-file.ts'
import { print } from './text.ts'

interface Options {
  readonly event?: string
  readonly type?: NotifiedType
  readonly tenant?: string
  readonly channel: ChannelName
  readonly locale?: string
  readonly timeZone?: string
  readonly template?: string
  readonly customData?: Readonly<Record<string, unknown>>
  readonly out: string
  readonly templates: string
  readonly tenants: string
}

/** Prints the template that was chosen and what arrives by the channel, and writes the HTML. */
export function preview(options: Options): void {
  const event = eventOf(options)
  const tenant = options.tenant ?? event.tenant ?? allTenants
  const own = existsSync(options.templates) ? readOperators(options.templates) : {}
  const files = { ...own, ...readBuiltIn() }
  const tenants = existsSync(options.tenants) ? readTenants(options.tenants) : []
  refuseUnknown(options, tenants)
  const ofTenant = tenants.find(({ id }) => id === tenant)
  const { channel } = options
  const told = {
    ...options,
    tenant,
    tenantLocale: ofTenant?.locale,
    customData: options.customData ?? anyName,
    ...(options.event === undefined && { now: beforeDue(event.data) }),
  }
  const settings = ofTenant ?? { webUrl: exampleWebUrl }
  const content = createRender(files, () => settings)(event, event.data, told)
  const found = findTemplate(files, event.type, told)
  writeFileSync(options.out, htmlWithLinks(content.html, {}, content.locale))
  const about = { notificationId: '0'.repeat(64), eventId: 'preview', address: 'address' }
  const customData = options.customData === undefined ? {} : told.customData
  const message = { ...content, ...about, tenant, eventType: event.type, customData }
  const head = `${say('Template: {path}', { path: found ? templatePath(found) : '' })}\nHTML: ${options.out}`
  print(`${head}\n${arriving(channel, message)}`)
}

/** The web client to which links lead without a tenant. */
const exampleWebUrl = 'https://ecos.example.org'

/** The sample tasks are due on the next day. */
function beforeDue(data: object): Date {
  const { dueDate } = data as { dueDate?: unknown }
  return typeof dueDate === 'number' ? new Date(dueDate - 24 * 60 * 60 * 1000) : new Date()
}

/** @throws EcosError `no-such-tenant` if the file names tenants, and not this one */
function refuseUnknown({ tenant, tenants: file }: Options, tenants: readonly Tenant[]): void {
  const ids = tenants.map(({ id }) => id)
  if (tenant === undefined || ids.length === 0 || ids.includes(tenant)) return
  const problem = '{file} has no tenant {tenant}{meant}: correct --tenant or --tenants'
  throw fault('no-such-tenant', problem, { file, tenant, meant: didYouMean(tenant, ids) })
}

function eventOf({ event, type }: Options): FileEvent {
  if (event !== undefined) return readEventFile(event, type)
  if (type) return { type, data: samplesOf(type)[0] }
  throw fault('no-event', 'Pass --event FILE, or --type for the sample event of a type')
}
