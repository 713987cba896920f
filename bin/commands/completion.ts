import { Argument, Command, type Option } from 'commander'
import { helpBelow } from '../russian/help.ts'
import { below } from '../say.ts'
import { print } from './text.ts'

const help = `
bash: put it into /etc/bash_completion.d/, or add to ~/.bashrc
  source <(npx ecos-eventbridge completion bash)
zsh: add to ~/.zshrc, after compinit
  source <(npx ecos-eventbridge completion zsh)
`

/** `completion bash|zsh`: prints the shell's script. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('Prints what completes commands, options and their values in bash or zsh')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .addHelpText('after', below(help, helpBelow.completion))
  return command.action((shell: 'bash' | 'zsh') => {
    print(completionScript(command.parent ?? command, shell))
  })
}

/**
 * zsh runs the script of bash. To it `path` and `words` are its own, and `COMP_CWORD` as a length in `${…}` is a
 * modifier.
 */
export function completionScript(program: Command, shell: 'bash' | 'zsh'): string {
  const cases = pathsOf(program).map(({ path, words }) => `    '${path}') choices='${words}' ;;`)
  const values = valuesOf(program).map(
    ([place, choices]) => `    ${place}) choices='${choices}' ;;`,
  )
  const start = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''
  return `${start}_ecos_eventbridge() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' choices='' word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "$word" in -*) break ;; *) command="\${command:+$command }$word" ;; esac
  done
  case "$command" in
${cases.join('\n')}
  esac
  case "$command $previous" in
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -o default -F _ecos_eventbridge ${program.name()}`
}

interface Path {
  /** `dlq list`; empty for the program itself. */
  readonly path: string
  /** Its commands and options. */
  readonly words: string
}

function pathsOf(program: Command): Path[] {
  return commandsOf(program).map(({ path, command }) => {
    const names = command.commands.map((sub) => sub.name())
    const flags = [...command.options.flatMap(flagsOf), '--help']
    const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices)
    return { path, words: [...names, ...choices, ...flags].join(' ') }
  })
}

/** The command and all below it, each with the words that call it. */
function commandsOf(command: Command, path = ''): { path: string; command: Command }[] {
  const below = command.commands.flatMap((sub) =>
    commandsOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`),
  )
  return [{ path, command }, ...below]
}

/** The values of options that have a fixed set: first those of commands that have a set of their own. */
function valuesOf(program: Command): [place: string, choices: string][] {
  const all = commandsOf(program).flatMap(({ path, command }) =>
    command.options.flatMap(({ long, argChoices }) =>
      argChoices && long ? [{ path, long, choices: argChoices.join(' ') }] : [],
    ),
  )
  const usual = new Map(all.map(({ long, choices }) => [long, choices]))
  const own = all.filter(({ long, choices }) => usual.get(long) !== choices)
  return [
    ...own.map(({ path, long, choices }): [string, string] => [`'${path} ${long}'`, choices]),
    ...[...usual].map(([long, choices]): [string, string] => [`*' ${long}'`, choices]),
  ]
}

function flagsOf({ short, long }: Option): string[] {
  // An option with two long names has the first in the place of the short one.
  return [short, long].flatMap((flag) => (flag?.startsWith('--') ? [flag] : []))
}
