import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { tracedFields, traceIdOf, traceOf } from '../../../lib/events/trace.ts'

const id = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${id}-00f067aa0ba902b7-01`

describe('a traceparent', () => {
  it.each([
    traceparent,
    `00-${'0'.repeat(31)}1-${'0'.repeat(15)}1-00`,
    `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`,
  ])('%s is one', (text) => {
    expect(traceOf({ traceparent: text })).toEqual({ traceparent: text })
    expect(traceIdOf({ traceparent: text })).toEqual({ trace_id: text.slice(3, 35) })
    expect(z.object({ ...tracedFields }).parse({ traceparent: text })).toEqual({
      traceparent: text,
    })
  })

  it.each([
    '',
    traceparent.toUpperCase(),
    traceparent.replace('00-', '01-'),
    `0${traceparent}`,
    `${traceparent}0`,
    `${traceparent}-00`,
    ` ${traceparent}`,
    traceparent.replace('4bf', 'gbf'),
    traceparent.replace('4bf', 'bf'),
    traceparent.replace('00f0', '00g0'),
    traceparent.replace('00f0', '0f0'),
    traceparent.replace('-01', '-0g'),
    traceparent.replaceAll('-', ''),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
  ])('%j is none', (text) => {
    expect(traceOf({ traceparent: text })).toEqual({})
    expect(traceIdOf({ traceparent: text })).toEqual({})
    const fields = z.object({ ...tracedFields }).parse({ traceparent: text, tracestate: 'a=1' })
    expect(fields.traceparent).toBeUndefined()
    expect(fields.tracestate).toBe('a=1')
  })

  it('may be absent, and a state that is no text with it', () => {
    expect([traceOf({}), traceIdOf({})]).toEqual([{}, {}])
    expect(z.object({ ...tracedFields }).parse({ tracestate: 5 }).tracestate).toBeUndefined()
    for (const other of [5, [traceparent], { toString: () => traceparent }]) {
      expect(traceOf({ traceparent: other, tracestate: 'a=1' })).toEqual({})
    }
    expect(traceOf({ traceparent, tracestate: ['a=1'] })).toEqual({ traceparent })
  })
})

describe('a tracestate', () => {
  const stateOf = (tracestate: unknown) => traceOf({ traceparent, tracestate }).tracestate
  const of = (count: number, length: number) =>
    Array.from({ length: count }, (_, at) => `k${at}=`.padEnd(length, 'v'))

  it.each([
    'rojo=00f067aa0ba902b7',
    'a=1,b=2',
    `${'k'.repeat(256)}=v`,
    `k=${'v'.repeat(256)}`,
    'a_-*/0=1',
    '0acme@vendor=1',
    `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
    'a=b c',
    'a= b',
    'a=!+-<>~',
    of(32, 10).join(),
  ])('%s is one', (text) => expect(stateOf(text)).toBe(text))

  it('has space and nothing between its members', () => {
    expect(stateOf(' a=1\t, ,b=2 ,\t,')).toBe('a=1,b=2')
    expect(stateOf(' \t a=1 \t ,  b=2  ')).toBe('a=1,b=2')
  })

  it.each([
    '',
    '0a=1',
    '@a=1',
    'a@0=1',
    'a@=1',
    'a@b@c=1',
    'Ab=1',
    'a=1;b=2\n',
    'a=',
    '=1',
    'a=b=c',
    'a=1\u007f',
    'a=1\u0000',
    'x a=1',
    `${'k'.repeat(257)}=v`,
    `k=${'v'.repeat(257)}`,
    `${'t'.repeat(242)}@v=1`,
    `t@${'v'.repeat(15)}=1`,
    'a=1,a=2',
    'a=1,B=2',
    of(33, 5).join(),
  ])('%j is none', (text) => expect(stateOf(text)).toBeUndefined())

  it('is not read where it is very long', () => {
    const spaces = (length: number) => `a=1,${' '.repeat(length - 4)}`
    expect(stateOf(spaces(64 * 1024))).toBe('a=1')
    expect(stateOf(spaces(64 * 1024 + 1))).toBeUndefined()
  })

  it('has at most 512 characters, first without members of more than 128, then without the last', () => {
    const [full] = [of(4, 127).join(',')]
    expect(full).toHaveLength(511)
    expect(stateOf(full)).toBe(full)
    expect(stateOf(`${full}v`)).toBe(`${full}v`)
    expect(stateOf(`${full}vv`)).toBe(of(3, 127).join(','))
    expect(stateOf([...of(4, 128), 'z=1'].join())).toBe(of(3, 128).join())
    expect(stateOf([`long=${'x'.repeat(124)}`, ...of(4, 120)].join())).toBe(of(4, 120).join())
    expect(stateOf(of(4, 200).join())).toBeUndefined()
    const long = 'long='.padEnd(200, 'x')
    const beside = [long, ...of(3, 103)].join()
    expect([beside.length, stateOf(beside)]).toEqual([512, beside])
    expect(stateOf(`${long},${full}v`)).toBe(`${full}v`)
  })
})
