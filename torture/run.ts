import { parseArgs } from 'node:util'
import { usualFaults } from './nemesis/index.ts'
import { planRun } from './plan/plan.ts'
import { reportText } from './report.ts'
import { runPlan } from './run-plan.ts'

// One run in the folder of the process, which torture/torture.ts prepares.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '3' },
    only: { type: 'string' },
    /** Indices in the plan's list: only these faults happen. */
    faults: { type: 'string' },
  },
})
const plan = planRun({
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  rate: Number(values.rate),
  faults: values.only === undefined ? usualFaults : values.only.split(',').filter(Boolean),
})
const chosen = values.faults?.split(',').map(Number)
const report = await runPlan({
  ...plan,
  faults: plan.faults.filter((_, index) => chosen?.includes(index) ?? true),
})
process.stdout.write(`${reportText(report)}\n`)
process.exitCode = report.passed ? 0 : 1
