import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { completionScript } from '../../../bin/commands/completion.ts'
import { createProgram } from '../../../bin/program.ts'

const program = await createProgram()
const script = completionScript(program, 'bash')

/** What bash completes at the end of the line. */
function completed(line: string): string[] {
  const words = line.split(' ')
  const ask = [
    script,
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_ecos_eventbridge',
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ]
  return execFileSync('bash', ['-c', ask.join('\n')], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}

describe('bash completes', () => {
  it.each([
    ['ecos-eventbridge dl', ['dlq']],
    ['ecos-eventbridge dlq ', ['list', 'show', 'redrive', 'purge', '--help']],
    ['ecos-eventbridge dlq list --wa', ['--watch']],
    ['ecos-eventbridge dlq list --si', ['--since']],
    ['ecos-eventbridge dlq list --output ', ['table', 'json', 'yaml']],
    ['ecos-eventbridge notifications list --tenant acme --state ER', ['ERROR']],
    ['ecos-eventbridge notifications list --state SE', ['SENT']],
    ['ecos-eventbridge notifications resend --state SE', []],
    ['ecos-eventbridge tail --type notification.s', ['notification.sent']],
    ['ecos-eventbridge subscriptions add --type task.c', ['task.create', 'task.complete']],
    ['ecos-eventbridge subscriptions preferences s', ['show', 'set']],
    ['ecos-eventbridge completion z', ['zsh']],
    ['ecos-eventbridge nonsense ', []],
  ])('%j with %j', (line, words) => {
    expect(completed(line)).toEqual(words)
  })
})

it('zsh runs the same functions', () => {
  const [first, ...rest] = completionScript(program, 'zsh').split('\n')
  expect(first).toContain('bashcompinit')
  expect(rest.join('\n')).toBe(script)
})

it('the script has nothing that zsh reads in its own way', () => {
  const lines = completionScript(program, 'zsh')
  // The search path, and the words of the line.
  expect(lines).not.toMatch(/\b(path|words)=/)
  // A modifier instead of a length.
  expect(lines).not.toMatch(/\$\{[^}]*:\d+:[A-Za-z]/)
})
