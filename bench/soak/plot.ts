import { colours } from '../plot.ts'
import type { Sample } from './sample.ts'

const panel = { left: 60, width: 480, height: 120, gap: 56, top: 30 }

interface Line {
  readonly name: string
  readonly of: (sample: Sample) => number
}

interface Panel {
  readonly title: string
  /** Whether its scale is logarithmic, from 1 on: one slow moment would hide all others. */
  readonly logarithmic?: boolean
  readonly lines: readonly Line[]
}

const panels: readonly Panel[] = [
  {
    title: 'From publish to accepted, ms (logarithmic)',
    logarithmic: true,
    lines: [
      { name: 'p99', of: ({ p99 }) => p99 },
      { name: 'p50', of: ({ p50 }) => p50 },
    ],
  },
  {
    title: "The worker's memory, MB",
    lines: [
      { name: 'resident', of: ({ megabytes }) => megabytes },
      { name: 'heap, least', of: ({ heapMegabytes }) => heapMegabytes },
    ],
  },
  {
    title: 'Open files and connections',
    lines: [
      { name: 'open files', of: ({ handles }) => handles },
      { name: 'at the bus', of: ({ atBus }) => atBus },
      { name: 'at the broker', of: ({ atBroker }) => atBroker },
    ],
  },
]

/** Draws latency, memory and handles over time as SVG. */
export function plotOf(samples: readonly Sample[]): string {
  const seconds = samples.at(-1)?.seconds ?? 1
  const drawn = panels.map(({ title, logarithmic = false, lines }, index) => {
    const top = panel.top + index * (panel.height + panel.gap)
    const most = Math.max(2, ...lines.flatMap(({ of }) => samples.map(of)))
    const x = (at: number) => panel.left + (at / seconds) * panel.width
    const share = (value: number) => {
      return logarithmic ? Math.log(Math.max(1, value)) / Math.log(most) : value / most
    }
    const y = (value: number) => top + panel.height * (1 - share(value))
    const curves = lines.map(({ of, name }, at) => {
      const colour = colours[at + 1]
      const points = samples.map((one) => `${x(one.seconds).toFixed(1)},${y(of(one)).toFixed(1)}`)
      const legend = `<text x="${panel.left + panel.width + 10}" y="${top + 14 + at * 18}" fill="${colour}">${name}</text>`
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>${legend}`
    })
    const axis = [
      `<text x="8" y="${top - 10}" font-weight="bold">${title}</text>`,
      `<path d="M${panel.left} ${top}V${top + panel.height}H${panel.left + panel.width}" fill="none" stroke="${colours[0]}"/>`,
      `<text x="${panel.left - 6}" y="${top + 10}" text-anchor="end">${Math.round(most)}</text>`,
      `<text x="${panel.left - 6}" y="${top + panel.height}" text-anchor="end">${logarithmic ? 1 : 0}</text>`,
      `<text x="${panel.left + panel.width}" y="${top + panel.height + 18}" text-anchor="end">${formatMinutes(seconds)}</text>`,
    ]
    return [...axis, ...curves].join('')
  })
  const height = panel.top + panels.length * (panel.height + panel.gap)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 ${height}" font-family="sans-serif" font-size="13" fill="#222"><title>A soak of the worker</title><rect width="700" height="${height}" fill="#fff"/>${drawn.join('')}</svg>\n`
}

function formatMinutes(seconds: number): string {
  return `${Math.round(seconds / 6) / 10} min`
}
