import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyTree } from './tree.ts'

/** A fault of the product that the rig has to find. */
export interface Defect {
  readonly name: string
  /** What is wrong, in a line. */
  readonly about: string
  /** The arguments of the run that finds it. */
  readonly args: readonly string[]
  readonly patch: string
}

export interface Caught {
  readonly defect: Defect
  /** The kinds of problems by which the run failed; none: the defect was not found, or the run did not finish. */
  readonly by: readonly string[]
  readonly seconds: number
}

const folder = 'torture/defects'

/**
 * The planted defects. The text before a patch's first `diff` says in its first line what is wrong, and in
 * the line `run:` which short run finds it: its faults, and a load long enough for them.
 */
export function readDefects(): Defect[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.patch'))
  return files.sort().map((file) => {
    const patch = join(folder, file)
    const [about = '', ...lines] = readFileSync(patch, 'utf8').split('\n')
    const run = lines.find((line) => line.startsWith('run: ')) ?? 'run: --seed 1'
    return { name: file.replace('.patch', ''), about, args: run.slice(5).split(' '), patch }
  })
}

/** Plants a defect into a copy of the project, and lets the rig look for it. */
export async function seek(defect: Defect): Promise<Caught> {
  const tree = copyTree(defect.name, defect.patch)
  const start = performance.now()
  const report = await tree.run(defect.args)
  const seconds = Math.round((performance.now() - start) / 1000)
  if (report !== undefined) tree.remove()
  const by = [...new Set(report?.problems.map(({ kind }) => kind))]
  return { defect, by, seconds }
}

/** A row of the table of docs/reliability.md. */
export function defectRow({ defect, by, seconds }: Caught): string {
  const kinds = by.map((kind) => `\`${kind}\``).join(', ') || '**not caught**'
  return `| \`${defect.name}\` | ${defect.about} | ${kinds} | ${seconds} s |`
}
