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
  const values = valuesOf(program).map(([flag, choices]) => `    ${flag}) choices='${choices}' ;;`)
  const start = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''
  return `${start}_ecos_eventbridge() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' choices='' word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "$word" in -*) break ;; *) command="\${command:+$command }$word" ;; esac
  done
  case "$command" in
${cases.join('\n')}
  esac
  case "$previous" in
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

function pathsOf(command: Command, path = ''): Path[] {
  const names = command.commands.map((sub) => sub.name())
  const flags = [...command.options.flatMap(flagsOf), '--help']
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices)
  const own = { path, words: [...names, ...choices, ...flags].join(' ') }
  return [
    own,
    ...command.commands.flatMap((sub) =>
      pathsOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`),
    ),
  ]
}

/** The values of options that have a fixed set, which is the same in every command. */
function valuesOf(command: Command): [string, string][] {
  const options = [command, ...commandsBelow(command)].flatMap(({ options }) => options)
  const choices = options.flatMap((option): [string, string][] =>
    option.argChoices && option.long ? [[option.long, option.argChoices.join(' ')]] : [],
  )
  return [...new Map(choices)]
}

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((sub) => [sub, ...commandsBelow(sub)])
}

function flagsOf({ short, long }: Option): string[] {
  // An option with two long names has the first in the place of the short one.
  return [short, long].flatMap((flag) => (flag?.startsWith('--') ? [flag] : []))
}
