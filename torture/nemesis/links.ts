import type { World } from '../world/world.ts'
import { type Fault, unacknowledged } from './fault.ts'

/** Faults of the connections to the broker and to the mail server. */

const places = {
  broker: ({ brokerLink }: World) => brokerLink,
  mail: ({ mailLink }: World) => mailLink,
}

const onDelivery = ['twice-delivered', 'uncertain'] as const

function linkFaults(place: keyof typeof places): Fault[] {
  const allows = place === 'broker' ? unacknowledged : onDelivery
  const linkOf = places[place]
  return [
    {
      name: `${place}-link-slow`,
      place: `${place}-link`,
      allows,
      start(world, random) {
        const link = linkOf(world)
        link.mode = { kind: 'slow', ms: random.int(50, 400) }
        return () => {
          link.mode = { kind: 'pass' }
        }
      },
    },
    {
      name: `${place}-link-cut`,
      place: `${place}-link`,
      allows,
      start(world, random) {
        const link = linkOf(world)
        const timer = setInterval(() => link.cut(random.pick(['end', 'reset'])), 1_500)
        link.cut('reset')
        return () => clearInterval(timer)
      },
    },
    {
      name: `${place}-link-refuses`,
      place: `${place}-link`,
      allows,
      start(world) {
        const link = linkOf(world)
        link.isRefusing = true
        link.cut('end')
        return () => {
          link.isRefusing = false
        }
      },
    },
    {
      name: `${place}-link-half-open`,
      place: `${place}-link`,
      allows,
      // A sender waits 105 s for the answer to a mail, and sends it once more.
      ...(place === 'mail' && { recoversWithin: 300 }),
      start(world) {
        const link = linkOf(world)
        link.mode = { kind: 'freeze' }
        return () => {
          link.mode = { kind: 'pass' }
        }
      },
    },
  ]
}

export const links: readonly Fault[] = [...linkFaults('broker'), ...linkFaults('mail')]
