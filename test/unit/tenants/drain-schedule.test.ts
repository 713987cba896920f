import { expect, it } from '@jest/globals'
import { drainSchedule } from '../../../lib/tenants/template/drain-schedule.ts'
import { parseSettings } from '../../../lib/tenants/template/settings.ts'

it.each([1, 3, 5])('starts %p drains, each as a target of its own', (concurrentDrains) => {
  const { BridgeDrainSchedule } = drainSchedule({ concurrentDrains })
  const targets = BridgeDrainSchedule?.Properties['Targets'] as readonly { Id: string }[]
  expect(targets).toHaveLength(concurrentDrains)
  expect(new Set(targets.map(({ Id }) => Id)).size).toBe(concurrentDrains)
})

it('accepts 1 to 5, also as a string from the command line', () => {
  // The error names the missing settings too; the assertions look for this one.
  const faults = (concurrentDrains: unknown) => {
    try {
      return parseSettings({ concurrentDrains })
    } catch (error) {
      return String(error)
    }
  }
  for (const wrong of [0, 6, 1.5, 'many']) expect(faults(wrong)).toContain('concurrentDrains')
  for (const right of [1, '5']) expect(faults(right)).not.toContain('concurrentDrains')
})
