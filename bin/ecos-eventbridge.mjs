#!/usr/bin/env node
// The command, in plain JavaScript that an old Node can read. In a clone it runs the TypeScript sources;
// the npm package has what was built from them, since Node strips no types below node_modules.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { config } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
if (isOlder(process.versions.node, config.node)) {
  const home = new URL('..', import.meta.url)
  const isInstalled = existsSync(new URL('node_modules/.bin/node', home))
  const way = isInstalled
    ? `\`npx ecos-eventbridge\` brings it in ${fileURLToPath(home)}`
    : 'install a newer one'
  process.stderr.write(
    `ecos-eventbridge needs Node.js ${config.node} or newer, and this is ${process.version}: ${way}.\n`,
  )
  process.exit(1)
}
sizeYoungSpace()
keepCompiled()
const source = new URL('./main.ts', import.meta.url)
const built = new URL('../dist/bin/main.js', import.meta.url)
await import(existsSync(source) ? source.href : built.href)

/**
 * To compile the AWS clients takes longer than most commands: Node.js keeps what it compiled. In a folder of the user's,
 * since it runs what it finds there, and others may write below /tmp. Without one, or the right to write there, nothing
 * is kept.
 */
function keepCompiled() {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env
  const folder = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && join(HOME, '.cache'))
  if (!folder) return
  const own = join(folder, 'ecos-eventbridge')
  // Node.js itself would ask without end where no folder can be made for want of another, as below /proc.
  for (const one of [folder, own]) {
    try {
      mkdirSync(one)
    } catch {
      // It is there, or the next check tells.
    }
  }
  if (existsSync(own)) module.enableCompileCache?.(own)
}

/**
 * The worker's memory follows from the size of V8's young space (docs/performance.md), which V8 reads from its
 * command line alone, at its start: so this process becomes another, with the same id. Windows can't do that.
 */
function sizeYoungSpace() {
  const [, , group, command] = process.argv
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  if (group !== 'bridge' || command !== 'run' || /max[-_]semi[-_]space[-_]size/.test(options))
    return
  const sizes = ['--min-semi-space-size=32', '--max-semi-space-size=32']
  const start = [process.execPath, ...sizes, ...process.execArgv]
  try {
    process.execve(process.execPath, [...start, ...process.argv.slice(1)], process.env)
  } catch {
    // It goes on with V8's own size.
  }
}

function isOlder(version, minimum) {
  const [major, minor] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = minimum.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
