import type { Throughput } from './throughput.ts'

const bar = { height: 18, gap: 6, left: 150, width: 460 }
export const colours = ['#8a8f98', '#c9822b', '#2f6fb5', '#2b9a66', '#7a4fb5', '#b5483f']

/** Draws events per second as SVG: a group of bars for each latency of the stub. */
export function plotOf(runs: readonly Throughput[]): string {
  const latencies = [...new Set(runs.map(({ latency }) => latency))]
  const names = [...new Set(runs.map(({ contender }) => contender))]
  const fastest = Math.max(...runs.map(({ perSecond }) => perSecond))
  const step = bar.height + bar.gap
  const groupHeight = names.length * step + 34

  const groups = latencies.map((latency, group) => {
    const top = group * groupHeight + 24
    const bars = names.map((name, index) => {
      const run = runs.find((one) => one.latency === latency && one.contender === name)
      const perSecond = run?.perSecond ?? 0
      return barOf(name, perSecond, perSecond / fastest, top + 8 + index * step, colours[index])
    })
    return `<text x="8" y="${top}" font-weight="bold">PutEvents takes ${latency} ms</text>${bars.join('')}`
  })
  const height = latencies.length * groupHeight + 10
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 ${height}" font-family="sans-serif" font-size="13" fill="#222"><title>Events per second</title><rect width="700" height="${height}" fill="#fff"/>${groups.join('')}</svg>\n`
}

function barOf(
  name: string,
  perSecond: number,
  fraction: number,
  y: number,
  colour = '#666',
): string {
  const width = Math.max(1, Math.round(fraction * bar.width))
  const middle = y + bar.height - 5
  return [
    `<text x="${bar.left - 8}" y="${middle}" text-anchor="end">${name}</text>`,
    `<rect x="${bar.left}" y="${y}" width="${width}" height="${bar.height}" fill="${colour}"/>`,
    `<text x="${bar.left + width + 6}" y="${middle}">${Math.round(perSecond).toLocaleString('en')}/s</text>`,
  ].join('')
}
