import { describe, expect, it } from '@jest/globals'
import { LiquidError } from 'liquidjs'
import { createEngines } from '../../../../lib/notifications/templates/engine.ts'
import {
  faultLine,
  faultsOf,
  TemplateError,
} from '../../../../lib/notifications/templates/faults.ts'

const file = 'acme/x/any.ru.liquid'
const fault = { file, line: 3, column: 5, problem: 'undefined variable: event.titel' }

/** What LiquidJS throws for a source, by the name of its file. */
function thrown(source: string, files: Record<string, string> = {}, path = file): unknown {
  const { text } = createEngines(files, 'acme')
  try {
    text.renderSync(text.parse(source, path), { name: 'x' })
  } catch (error) {
    return error
  }
  throw new Error('rendered')
}

it('a fault is written as compilers write theirs', () => {
  expect(faultLine(fault)).toBe('acme/x/any.ru.liquid:3:5: undefined variable: event.titel')
})

describe('the faults of an error', () => {
  it('are each with its place, also where one error has several', () => {
    expect(faultsOf(thrown('{{ a }}\n\n  {{ b }}'), file, {})).toEqual([
      { file, line: 1, column: 4, problem: 'undefined variable: a' },
      { file, line: 3, column: 6, problem: 'undefined variable: b' },
    ])
  })

  it('are in the part that has them', () => {
    const files = { 'acme/parts/p.liquid': '\n{{ x }}', [file]: "{% include 'p' %}" }
    const error = thrown("{% include 'p' %}", files)
    expect(faultsOf(error, file, files)).toEqual([
      { file: 'acme/parts/p.liquid', line: 2, column: 4, problem: 'undefined variable: x' },
    ])
  })

  it('do not repeat the place that LiquidJS adds to its messages', () => {
    const [first] = faultsOf(thrown('T\n{% if name %}'), file, {})
    expect(first).toEqual({ file, line: 2, column: 1, problem: 'tag {% if name %} not closed' })
    expect(LiquidError.is(thrown('{% nothing %}') as LiquidError)).toBe(true)
    expect(faultsOf(thrown(`${'\n'.repeat(11)}{% nothing %}`), file, {})).toEqual([
      { file, line: 12, column: 1, problem: 'tag "nothing" not found' },
    ])
    expect(faultsOf(thrown('{% nothing %}'), file, {})).toEqual([
      { file, line: 1, column: 1, problem: 'tag "nothing" not found' },
    ])
  })

  it('have no place where the error has none', () => {
    for (const [error, problem] of [
      [new Error('memory alloc limit exceeded'), 'memory alloc limit exceeded'],
      ['text', 'text'],
    ] as const) {
      expect(faultsOf(error, file, {})).toEqual([{ file, line: 1, column: 1, problem }])
    }
  })
})

describe('the failure of a template', () => {
  const failure = (problem: string, source: string, model: object) =>
    new TemplateError([{ ...fault, problem }, fault], { files: { [file]: source }, model })

  it('names its first fault, and has all of them for the author', () => {
    const error = failure('undefined filter: shout', '{{ a | shout }}', { title: 'Договор' })
    expect(error.code).toBe('template-failed')
    expect(error.message).toBe('acme/x/any.ru.liquid:3:5: undefined filter: shout')
    expect(error.faults).toHaveLength(2)
    expect(new TemplateError([], { files: {}, model: {} }).message).toBe('')
  })

  it.each([
    // Held by the event alone, at any depth.
    ['no file Договор', '{% render a %}', { a: { b: [{ c: 'Договор' }] } }, false],
    ['no file Договор7', '{% render a %}', { a: 'x-Договор7' }, false],
    // In the template too, or in its path.
    ['no file Договор', "{% render 'Договор' %}", { a: 'Договор' }, true],
    ['no file acme', '{% render a %}', { a: 'acme' }, true],
    ['no file Договор', '{% render a %}', { a: 'Счёт' }, true],
    // A single letter tells nothing of anybody.
    ['no file Ж', '{% render a %}', { a: 'Ж' }, true],
    ['no file 42', '{% render a %}', { a: 42 }, true],
    ['no file 42', '{% render a %}', { a: '42' }, false],
  ])('%j of %j with %j is told: %s', (problem, source, model, isTold) => {
    const { message } = failure(problem, source, model)
    const told = isTold ? problem : 'it can not be rendered with the data of this event'
    expect(message).toBe(`acme/x/any.ru.liquid:3:5: ${told}`)
  })
})
