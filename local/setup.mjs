// Installs what is missing before any command of the project: this file is plain JavaScript, and
// uses nothing but Node's own modules, because it runs before there is anything else, on whatever
// Node the machine has.
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
  // The npm that runs us, where it says which that is. It is not to warn of each package that wants
  // Node 24, and its settings (--silent of `npm run`, NODE_ENV) are not to hide errors or packages.
  const { npm_execpath: npm } = process.env
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const args = [...first, 'ci', '--loglevel=error', '--include=dev', '--include=optional']
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

/** npm puts node_modules/.bin first on PATH: a Node 24 installed there is the one that is found. */
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
