import type { Hono, MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { channelNames } from '../../lib/channels/channel.ts'
import { EcosError } from '../../lib/errors.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { subscribedType } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { auditPlace } from '../../lib/operations/audit.ts'
import type { ConsolePorts } from './ports.ts'
import { parse, tenantId, typed } from './request.ts'

const ofNotification = z.object({
  tenant: tenantId,
  notification: z.string().regex(/^[0-9a-f]{64}$/),
})
const ofPerson = z.object({
  tenant: tenantId,
  person: typed(200).toLowerCase(),
  channel: z.enum(channelNames),
})
const ofAddress = ofPerson.extend({ address: z.string().min(1).max(2048) })

/** The page's request. */
export const repairOrder = z.discriminatedUnion('action', [
  ofNotification.extend({ action: z.literal('resend') }),
  ofNotification.extend({ action: z.literal('cancel') }),
  ofPerson.extend({ action: z.literal('test'), type: z.enum(eventTypes).default('task.assign') }),
  ofAddress.extend({ action: z.literal('switch-off') }),
  ofAddress.extend({ action: z.literal('switch-on') }),
])
export type RepairOrder = z.input<typeof repairOrder>

/** The outcome, which the page puts into its own words. */
export interface RepairAnswer {
  readonly result: 'queued' | 'to-be-planned' | 'cancelled' | 'switched-off' | 'switched-on'
  /** Of a test message: its event, whose page tells what becomes of it. */
  readonly eventId?: string
}

const auditQuery = z.object({
  tenant: tenantId.optional(),
  from: z.iso.datetime().optional(),
  before: z.string().regex(auditPlace).optional(),
})

/** Records on a page. */
const perPage = 50

/** Without --allow-repair, whatever would change something is refused, routes that are added later too. */
export function readOnlyUnless(allowRepair: boolean): MiddlewareHandler {
  return async (context, next) => {
    if (allowRepair || context.req.method === 'GET') return next()
    const message = 'Read only: start the console with --allow-repair'
    return context.json({ code: 'read-only', message }, 403)
  }
}

/** An operator's actions on a notification or an address, and the record of all actions. */
export function repairRoutes(
  routes: Hono,
  ports: Pick<ConsolePorts, 'repairs' | 'audit' | 'tenants'>,
): void {
  routes.post('/:cell/repair', async (context) => {
    const order = parse(repairOrder, await context.req.json().catch(() => undefined))
    const { cell } = context.req.param()
    if ('person' in order) await requireTenant(order.tenant, ports, cell)
    return context.json(await carryOut(order, ports, cell))
  })
  routes.get('/:cell/audit', async (context) => {
    const { tenant, from, before } = parse(auditQuery, context.req.query())
    const { list } = await ports.audit(context.req.param('cell'))
    return context.json(await list({ tenant, from, before, limit: perPage }))
  })
}

/**
 * Another cell may have a person of that name: a link may name its tenant. As the commands do, it trusts the operator
 * where the cell's tenants can't be read.
 *
 * @throws EcosError `no-such-tenant`
 */
async function requireTenant(
  tenant: string,
  { tenants }: Pick<ConsolePorts, 'tenants'>,
  cell: string,
): Promise<void> {
  const known = await tenants(cell).catch(() => undefined)
  if (known === undefined || known.includes(tenant)) return
  throw new EcosError('no-such-tenant', `The cell ${cell} has no tenant ${tenant}`)
}

async function carryOut(
  order: z.infer<typeof repairOrder>,
  ports: Pick<ConsolePorts, 'repairs'>,
  cell: string,
): Promise<RepairAnswer> {
  const repairs = await ports.repairs(cell)
  switch (order.action) {
    case 'resend':
      return { result: await repairs.resend(await recordOf(order, repairs.find)) }
    case 'cancel':
      await repairs.cancel(await recordOf(order, repairs.find))
      return { result: 'cancelled' }
    case 'test': {
      const { tenant, person: username, channel, type } = order
      const of = { tenant, username, channel, eventType: subscribedType(type) }
      return { result: 'queued', eventId: (await repairs.sendTest(of)).eventId }
    }
    case 'switch-off':
      await repairs.switchOff(placeOf(order))
      return { result: 'switched-off' }
    case 'switch-on':
      await repairs.switchOn(placeOf(order))
      return { result: 'switched-on' }
  }
}

function placeOf({ tenant, person: username, channel, address }: z.infer<typeof ofAddress>) {
  return { tenant, username, channel, address }
}

/** @throws EcosError `no-such-notification` */
async function recordOf(
  { tenant, notification }: z.infer<typeof ofNotification>,
  find: Awaited<ReturnType<ConsolePorts['repairs']>>['find'],
) {
  const record = await find(tenant, notification)
  if (record) return record
  throw new EcosError('no-such-notification', `${tenant} has no notification ${notification}`)
}
