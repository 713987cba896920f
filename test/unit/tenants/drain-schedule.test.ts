import { expect, it } from '@jest/globals'
import { drainSchedule } from '../../../lib/tenants/template/drain-schedule.ts'
import { parseSettings } from '../../../lib/tenants/template/settings.ts'

const settings = (concurrentDrains: unknown) => ({
  cell: 'main',
  tenantsFile: 'tenants.yml',
  maxReceiveCount: 5,
  retryBaseSeconds: 5,
  maximumConcurrency: 10,
  concurrentDrains,
  emailTransport: 'smtp',
  emailFrom: 'ecos@example.com',
})

it.each([1, 3, '5'])('starts %p drains together, each a target of its own', (count) => {
  const schedule = drainSchedule(parseSettings(settings(count)))['BridgeDrainSchedule']
  const targets = schedule?.Properties['Targets'] as readonly { Id: string }[]
  expect(targets).toHaveLength(Number(count))
  expect(new Set(targets.map(({ Id }) => Id)).size).toBe(targets.length)
})

it.each([0, 6, 1.5, 'many'])('refuses to start %p, and says which setting it is', (count) => {
  expect(() => parseSettings(settings(count))).toThrow('concurrentDrains')
})
