import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it, jest } from '@jest/globals'
import { exitCodeOf } from '../../../bin/exit-code.ts'
import { pathOf } from '../../../bin/help.ts'
import { createProgram } from '../../../bin/program.ts'
import { EcosError } from '../../../lib/errors.ts'
import { firstExample, leaves } from '../../support/command-lines.ts'

// Each test starts a process.
jest.setTimeout(300_000)

async function run(...args: string[]) {
  const child = spawn(process.execPath, ['bin/main.ts', ...args], {
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, 'close')
  const [stdout, stderr] = await output
  return { code, stdout, stderr }
}

describe('a command ends with', () => {
  it.each([
    ['2 for an unknown option', ['dlq', 'list', '--bogus'], 2, /unknown option '--bogus'/],
    ['2 for an unknown command', ['dlq', 'lst'], 2, /unknown command 'lst'/],
    ['2 for a bad value', ['dlq', 'list', '--since', 'soon'], 2, /is not a time such as/],
    ['2 for a missing option', ['notifications', 'list'], 2, /'--tenant <id>' not specified/],
    ['2 for options that do not say which event', ['templates', 'preview'], 2, /^Pass --event/],
    [
      '2 for half a place',
      'subscriptions remove --tenant a --user b --type task.create --channel sms'.split(' '),
      2,
      /^Pass --channel and --address/,
    ],
    [
      '2 for a subscription of nobody',
      'subscriptions remove --tenant a --type task.create'.split(' '),
      2,
      /^Pass --user/,
    ],
    [
      '2 for an address that the channel does not have',
      'subscriptions add --tenant a --user b --type task.create --channel sms --address x'.split(
        ' ',
      ),
      2,
      /^address: /,
    ],
    [
      '2 for a person of whom nothing is said',
      'people set --tenant a --user b'.split(' '),
      2,
      /^Nothing is given/,
    ],
    [
      "2 for a listener's name that is none",
      'attributes remove --tenant a --type record-created --listener ?'.split(' '),
      2,
      /^listener: /,
    ],
    [
      '1 for a file that is not there',
      ['templates', 'preview', '--event', 'nowhere'],
      1,
      /nowhere/,
    ],
  ])('%s', async (_, args, code, stderr) => {
    expect(await run(...args)).toMatchObject({ code, stderr: expect.stringMatching(stderr) })
  })

  it('0 for help, which lists the exit codes', async () => {
    const { code, stdout } = await run('--help')
    expect([code, stdout]).toEqual([0, expect.stringContaining('Exit codes: 0 done')])
  })

  it('1 for an unknown tenant or cell, 2 for an ambiguous id, 3 for faults in templates', () => {
    const codes = ['no-such-tenant', 'no-such-cell', 'ambiguous-id', 'invalid-templates'] as const
    const found = codes.map((code) => exitCodeOf(new EcosError(code, '')))
    expect([...found, exitCodeOf(new Error())]).toEqual([1, 1, 2, 3, 1])
  })

  it.each(leaves.map((leaf) => [pathOf(leaf), leaf] as const))(
    '2 for an unknown option of %s',
    async (_, leaf) => {
      const end = jest.spyOn(process, 'exit').mockImplementation((code) => {
        throw new Error(`exit ${code}`)
      })
      const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
      try {
        const args = [...firstExample(leaf), '--no-such-option']
        const run = (await createProgram()).parseAsync(args, { from: 'user' })
        await expect(run).rejects.toThrow('exit 2')
        expect(String(told.mock.calls[0]?.[0])).toContain('--no-such-option')
      } finally {
        end.mockRestore()
        told.mockRestore()
      }
    },
  )
})
