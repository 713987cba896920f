import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const css = ['style', 'charts']
  .map((name) => readFileSync(`console/page/${name}.css`, 'utf8'))
  .join('\n')

/** The colours of both themes, by name. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

/** Relative luminance and contrast, as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

describe.each(['light', 'dark'] as const)('the colours in %s', (theme) => {
  const of = (name: string) => colours.get(name)?.[theme] ?? ''
  const drawn = [...colours.keys()].filter((name) => /^(bar|line)-/.test(name))

  it('of bars and lines stand out from what is behind them (WCAG 2.2, 1.4.11)', () => {
    expect(drawn).toHaveLength(16)
    const weak = drawn.flatMap((name) =>
      ['back', 'card', 'main-back']
        .filter((back) => contrast(of(name), of(back)) < 3)
        .map((back) => `${name} on ${back}`),
    )
    expect(weak).toEqual([])
  })
})
