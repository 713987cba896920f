import { expect, it } from '@jest/globals'
import { brandOf } from '../../../../lib/notifications/templates/brand.ts'

it('the look of mails is plain where the tenant has not set it', () => {
  expect(brandOf({})).toEqual({ name: '', logo: '', colour: '#0b5cad', ink: '#ffffff' })
  const set = { name: 'Акме', logo: 'https://acme.example/l.png', colour: '#ffee00' }
  expect(brandOf(set)).toEqual({ ...set, ink: '#1b1f24' })
})

// Luminances by WCAG 2.2 of the colour: 0.2126 R + 0.7152 G + 0.0722 B, each channel made linear.
it.each([
  ['#000000', '#ffffff'],
  ['#ffffff', '#1b1f24'],
  // 0.2126, 0.7152 and 0.0722.
  ['#ff0000', '#ffffff'],
  ['#00ff00', '#1b1f24'],
  ['#0000ff', '#ffffff'],
  // 0.2848 and 0.2140: red with blue, and a middle grey.
  ['#ff00ff', '#ffffff'],
  ['#808080', '#ffffff'],
  // 0.2961 and 0.3050: greys on both sides of the limit.
  ['#949494', '#ffffff'],
  ['#969696', '#1b1f24'],
  // 0.2961 and 0.3050, of green alone with red.
  ['#0B5CAD', '#ffffff'],
  ['#FFA500', '#1b1f24'],
])('texts on %s are written in %s', (colour, ink) => {
  expect(brandOf({ colour }).ink).toBe(ink)
})
