import { expect, it } from '@jest/globals'
import { watchBlocks } from '../../../lib/bridge/blocks.ts'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { listeningLog } from '../../support/listening-log.ts'

it('a broker that blocks publishing is told with its reason, and that it resumes', () => {
  const { log, lines } = listeningLog()
  const told: unknown[] = []
  let tell: (reason: string | undefined) => void = () => undefined
  const onBlocked: Broker['onBlocked'] = (listener) => {
    tell = listener
  }
  watchBlocks({ onBlocked } as Broker, log, (reason) => void told.push(reason))
  tell('low on memory')
  tell(undefined)
  tell('')
  expect(told).toEqual(['low on memory', undefined, ''])
  expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', { reason: 'low on memory' }],
    ['info', {}],
    ['warn', { reason: '' }],
  ])
})
