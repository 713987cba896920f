// Installs missing packages before every command of the project. It is plain JavaScript with only
// Node's built-in modules, because it runs before anything is installed, on the machine's own Node.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MINIMUM_NODE = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const installedFor = join(root, 'node_modules', '.ecos-installed-for')

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const installed = existsSync(installedFor) ? readFileSync(installedFor, 'utf8') : ''
if (installed !== wanted) installPackages()
requireNode()

function installPackages() {
  const since = Date.now()
  process.stderr.write('Installing packages … ')
  // Runs the npm that started this script, if it says which. The options keep it from warning of each
  // package that needs Node 24, and `--silent` or NODE_ENV from hiding errors or leaving packages out.
  const { npm_execpath: npm } = process.env
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const options = [
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
  ]
  const args = [...first, 'ci', ...options]
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (result.status !== 0) {
    process.stderr.write(`failed\n${result.stdout ?? ''}${result.stderr ?? ''}`)
    fail(
      `npm ci failed${result.error ? ` (${result.error.message})` : ''}: see above, then try again.`,
    )
  }
  writeFileSync(installedFor, wanted)
  process.stderr.write(`done in ${Math.round((Date.now() - since) / 1000)} s\n`)
}

/** npm puts node_modules/.bin first on PATH, so a Node 24 installed there is found first. */
function requireNode() {
  const { stdout } = spawnSync('node', ['--version'], { cwd: root, encoding: 'utf8' })
  const version = (stdout ?? '').trim()
  if (Number(version.slice(1).split('.')[0]) >= MINIMUM_NODE) return
  fail(
    `Node.js ${MINIMUM_NODE} or newer is needed (found ${version || 'none'}): install it and try again.`,
  )
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
