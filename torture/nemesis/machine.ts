import { spawn } from 'node:child_process'
import { miniStackProcesses } from '../world/functions.ts'
import type { Allowance, Fault } from './fault.ts'
import { mailRecovery, signal } from './processes.ts'

/** Faults of the machine, of the local AWS as a whole, and of ZooKeeper. */

/** Whoever waits for an answer does not get it in time. */
const lateAnswers: readonly Allowance[] = [
  'twice-on-bus',
  'twice-set-aside',
  'twice-delivered',
  'uncertain',
]

/** Busy processes, on a machine of few cores. */
const busy = 3

/** A process that is busy for half a minute, also if the rig dies. */
const work = 'const end = Date.now() + 30_000; while (Date.now() < end);'

export const machine: readonly Fault[] = [
  {
    name: 'aws-stopped',
    allows: lateAnswers,
    recoversWithin: mailRecovery,
    start({ stack }) {
      const stopped = miniStackProcesses(stack.parts.awsEndpoint)
      signal(stopped, 'SIGSTOP')
      return () => signal(stopped, 'SIGCONT')
    },
  },
  {
    name: 'zookeeper-restarted',
    allows: [],
    async start({ zooKeeper }) {
      await zooKeeper.restart()
      return () => undefined
    },
  },
  {
    name: 'clock-skewed',
    allows: [],
    async start({ clock }, random) {
      // More than the five minutes within which AWS takes a signature.
      const minutes = random.pick([-45, -7, 7, 45])
      await clock.set(minutes * 60_000)
      return () => clock.set(0)
    },
  },
  {
    name: 'cpu-starved',
    allows: lateAnswers,
    recoversWithin: mailRecovery,
    start() {
      const processes = Array.from({ length: busy }, () =>
        spawn(process.execPath, ['--eval', work], { stdio: 'ignore' }),
      )
      return () => {
        for (const one of processes) one.kill('SIGKILL')
      }
    },
  },
]
