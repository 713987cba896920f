import { expect, it } from '@jest/globals'
import { closest, didYouMean } from '../../../bin/commands/suggestion.ts'

const tenants = ['acme', 'globex', 'local-ecos', 'ромашка']

it.each([
  ['acne', 'acme'],
  ['ACME', 'acme'],
  ['acm', 'acme'],
  ['glbex', 'globex'],
  ['local_ecos', 'local-ecos'],
  ['ромажка', 'ромашка'],
  ['zzzz', undefined],
  ['', undefined],
])('%j was probably to be %j', (word, meant) => {
  expect(closest(word, tenants)).toBe(meant)
})

it('says nothing where nothing is near', () => {
  expect(didYouMean('acne', tenants)).toBe(' (Did you mean acme?)')
  expect(didYouMean('nobody', tenants)).toBe('')
})
