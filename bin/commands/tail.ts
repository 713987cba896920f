import { Command, Option } from 'commander'
import { type PassingEvent, passingEvent } from '../../console/server/passing.ts'
import { createCells } from '../../lib/aws/cell/cells.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { pause } from '../../lib/waiting.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { cellOption, tenantOption } from './options.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { note } from './text.ts'
import { watchSignal } from './watch.ts'

interface TailOptions extends OutputOptions {
  readonly cell: string
  readonly tenant?: string
  readonly type?: string
}

/** Milliseconds between two looks at what has passed. */
const lookInterval = 1_000

const help = `
Creates a rule and a queue on the bus, which copy its events, and removes both when it ends. The results of
notifications pass too, where the tenant has results: true.
`

/** `tail`: a line for each event that passes the bus. */
export function tailCommand(): Command {
  return withOutput(new Command('tail'))
    .description('Prints what passes the bus, as it passes, until Ctrl-C (AWS_* variables)')
    .addOption(cellOption())
    .addOption(tenantOption())
    .addOption(
      new Option('--type <event type>', 'only events of this type').choices([
        ...eventTypes,
        ...results,
      ]),
    )
    .addHelpText('after', below(help, helpBelow.tail))
    .action(tail)
}

const results = ['notification.sent', 'notification.failed', 'notification.uncertain']

async function tail(options: TailOptions): Promise<void> {
  await requireTenant(options.cell, options.tenant)
  const signal = watchSignal()
  const tap = await createCells().tap(options.cell, 'tail')
  try {
    note(say('Watching ecos-{cell}: Ctrl-C ends it', options))
    while (!signal.aborted) {
      for (const text of await tap.take()) {
        const event = passingEvent(text, new Date())
        if (event && isMeant(event, options)) printResult(options, event, () => lineOf(event))
      }
      await pause(lookInterval, signal)
    }
  } finally {
    await tap.remove()
  }
}

function isMeant(event: PassingEvent, { tenant, type }: TailOptions): boolean {
  return (
    (tenant === undefined || event.tenant === tenant) && (type === undefined || event.type === type)
  )
}

function lineOf({ at, tenant, type, id, subject, result }: PassingEvent): string {
  const outcome =
    result && `${result.channel} ${result.state}${result.reason ? `: ${result.reason}` : ''}`
  return [at, tenant, type, id, subject, outcome].filter(Boolean).join('  ')
}
