import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { ChannelName } from '../../lib/channels/channel.ts'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { catalogue, type EventType, isEventType, sampleData } from '../../lib/events/catalogue.ts'
import { anyName } from '../../lib/notifications/templates/any-name.ts'
import { readBuiltIn, readOperators } from '../../lib/notifications/templates/files.ts'
import { findTemplate } from '../../lib/notifications/templates/lookup.ts'
import { allTenants, templatePath } from '../../lib/notifications/templates/paths.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import { fieldsAtFault } from '../../lib/parse.ts'
import { readTenants } from './tenants.ts'

interface Options {
  readonly event?: string
  readonly type?: EventType
  readonly tenant?: string
  readonly channel: ChannelName
  readonly locale?: string
  readonly timeZone: string
  readonly template?: string
  readonly customData?: string
  readonly out: string
  readonly templates: string
  readonly tenants: string
}

interface Event {
  readonly type: EventType
  readonly tenant?: string
  readonly data: object
}

/** Prints the title and the text with the template that they are from, and writes the HTML. */
export function preview(options: Options): void {
  const event = options.event === undefined ? sample(options.type) : readEvent(options.event)
  const tenant = options.tenant ?? event.tenant ?? allTenants
  const own = existsSync(options.templates) ? readOperators(options.templates) : {}
  const files = { ...own, ...readBuiltIn() }
  const tenants = existsSync(options.tenants) ? readTenants(options.tenants) : []
  const told = {
    ...options,
    tenant,
    tenantLocale: tenants.find(({ id }) => id === tenant)?.locale,
    customData: options.customData === undefined ? anyName : parse(options.customData, customData),
  }
  const { title, text, html } = createRender(files)(event, event.data, told)
  const found = findTemplate(files, event.type, told)
  writeFileSync(options.out, html)
  const head = `Template: ${found ? templatePath(found) : ''}\nHTML: ${options.out}\nTitle: ${title}`
  process.stdout.write(`${head}\n\n${text}`)
}

function sample(type: EventType | undefined): Event {
  if (type) return { type, data: sampleData(type) }
  throw new EcosError('no-event', 'Say which event: --event FILE, or --type for its sample')
}

const customData = z.record(z.string(), z.unknown())
const dataOf = z.looseObject({ type: z.string() })
/** As it is on the bus, in the envelope alone, as ECOS sends it, or by itself. */
const eventFile = z.union([
  z
    .object({ detail: z.object({ tenantid: z.string(), data: dataOf }) })
    .transform((file) => file.detail),
  z.object({ tenantid: z.string(), data: dataOf }),
  z.object({ data: dataOf }),
  dataOf.transform((data) => ({ data })),
])

/** @throws EcosError `invalid-event`, `unknown-type` */
function readEvent(file: string): Event {
  const { data, ...envelope } = parse(readText(file), eventFile)
  const { type } = data
  if (!isEventType(type)) throw new EcosError('unknown-type', `"${type}" is not an event type`)
  const parsed = catalogue[type].schema.safeParse(data)
  if (!parsed.success) {
    throw new EcosError(
      'invalid-event',
      `${file} does not fit ${type}: ${fieldsAtFault(parsed.error)}`,
    )
  }
  return { type, data: parsed.data, ...('tenantid' in envelope && { tenant: envelope.tenantid }) }
}

function parse<Value>(text: string, schema: z.ZodType<Value>): Value {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    const what = cause instanceof z.ZodError ? fieldsAtFault(cause) : 'it is not JSON'
    throw new EcosError('invalid-event', `No event, or no custom data: ${what}`, { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (cause) {
    throw new EcosError('event-unreadable', `${file} can't be read: ${messageOf(cause)}`, { cause })
  }
}
