import { eventHops } from '../../lib/tenants/cost/counts.ts'
import { priceRegion, pricesOf } from '../../lib/tenants/cost/prices.ts'
import { type BillLine, dollars, type Hop } from './bill.ts'

/** The bill as text: each line for one event and for a million, by hop, and the sum. */
export function tableOf(bill: readonly BillLine[], events: number): string {
  const lines = eventHops.flatMap((hop) => hopLines(hop, bill, events))
  const ofEvents = bill.filter(({ hop }) => eventHops.some((one) => one === hop))
  return [
    row('hop', 'what', 'units/event', '$/million'),
    ...lines,
    row('together', '', '', money(sum(ofEvents), events)),
    '',
    `List prices of ${pricesOf}, ${priceRegion}, without free tiers.`,
  ].join('\n')
}

function hopLines(hop: Hop, bill: readonly BillLine[], events: number): string[] {
  const lines = bill.filter((line) => line.hop === hop)
  if (lines.length === 0) return []
  const sorted = lines.toSorted((a, b) => dollars(b) - dollars(a))
  return [
    ...sorted.map((line) =>
      row(
        hop,
        `${line.what} (${line.unit})`,
        figure(line.units / events),
        money(dollars(line), events),
      ),
    ),
    row(hop, 'sum', '', money(sum(lines), events)),
  ]
}

function sum(lines: readonly BillLine[]): number {
  return lines.reduce((total, line) => total + dollars(line), 0)
}

function row(hop: string, what: string, units: string, cost: string): string {
  return [hop.padEnd(10), what.padEnd(58), units.padStart(12), cost.padStart(10)].join(' ')
}

function figure(number: number): string {
  return number >= 100 ? number.toFixed(0) : number.toPrecision(3)
}

function money(cost: number, events: number): string {
  return ((cost / events) * 1e6).toFixed(2)
}
