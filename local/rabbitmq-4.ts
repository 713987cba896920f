import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, lstat, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import { findExecutable, run } from './commands.ts'
import type { Context } from './context.ts'
import { inStep } from './progress.ts'

/** The Debian release that has RabbitMQ 4, and what its server needs of it. */
const release = 'trixie'
const erlang = ['asn1', 'base', 'crypto', 'eldap', 'inets', 'mnesia', 'os-mon', 'parsetools']
const erlangTools = ['public-key', 'runtime-tools', 'ssl', 'syntax-tools', 'tools', 'xmerl']
const libraries = ['libc6', 'libcap2', 'libgcc-s1', 'libncursesw6', 'libssl3t64', 'libstdc++6']
const moreLibraries = ['libsystemd0', 'libtinfo6', 'libwrap0', 'libzstd1', 'zlib1g']
const packages = [
  'rabbitmq-server',
  ...[...erlang, ...erlangTools].map((name) => `erlang-${name}`),
  ...libraries,
  ...moreLibraries,
]

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * Unpacks RabbitMQ 4 with its Erlang and its libraries into a folder of its own, once. Nothing of it is
 * installed: the machine's RabbitMQ, Erlang and libraries stay as they are.
 *
 * @returns the folders that put its commands first on PATH
 */
export async function unpackRabbitMq4(context: Context): Promise<string> {
  const folder = join(context.stateDir, 'rabbitmq-4')
  const root = join(folder, 'root')
  const finished = join(folder, 'finished')
  if (!(await exists(finished))) {
    await inStep(context.onProgress, `Unpacking RabbitMQ 4 (Debian ${release}'s packages)`, () =>
      unpack(folder, root),
    )
    await writeFile(finished, '')
  }
  return ['rabbitmq', 'erlang'].map((name) => join(root, 'usr/lib', name, 'bin')).join(delimiter)
}

async function unpack(folder: string, root: string): Promise<void> {
  if (findExecutable('apt-get') === undefined) {
    throw new EcosError('no-broker', "RabbitMQ 4 is unpacked from Debian's packages: use Debian")
  }
  await rm(folder, { recursive: true, force: true })
  const downloads = join(folder, 'packages')
  for (const path of ['lists/partial', 'cache/archives/partial', 'packages', 'root', 'logs']) {
    await mkdir(join(folder, path), { recursive: true })
  }
  await writeFile(join(folder, 'status'), '')
  const source = `deb [signed-by=${keyring}] ${mirror()} ${release} main\n`
  await writeFile(join(folder, 'sources.list'), source)
  const apt = (...args: string[]) =>
    run('apt-get', [...aptOptions(folder), ...args], {
      cwd: downloads,
      logFile: join(folder, 'logs', `apt-${args[0]}.log`),
    })
  await apt('update')
  await apt('download', ...packages)
  for (const name of globSync('*.deb', { cwd: downloads })) {
    const logFile = join(folder, 'logs', 'dpkg.log')
    await run('dpkg-deb', ['--extract', join(downloads, name), root], { logFile })
  }
  await relocate(root)
}

/** Where this machine gets its own Debian packages. */
function mirror(): string {
  const format = ['indextargets', '--format', '$(REPO_URI)']
  const own = ['Created-By: Packages', 'Component: main', 'Origin: Debian']
  const [uri] = execFileSync('apt-get', [...format, ...own], { encoding: 'utf8' }).split('\n')
  if (!uri) throw new EcosError('no-broker', "apt-get knows no mirror of Debian's packages")
  return uri
}

/** An apt of its own: other sources, lists and cache, and nothing that counts as installed. */
function aptOptions(folder: string): string[] {
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** Has Erlang's programs run where they lie, with the loader and the libraries that lie beside them. */
async function relocate(root: string): Promise<void> {
  const [loader] = globSync('usr/lib/*-linux-gnu/ld-linux-*', { cwd: root })
  if (loader === undefined) throw new EcosError('no-broker', 'The packages hold no loader')
  const libraryPath = join(root, loader, '..')
  const folders = ['bin', 'erts-*/bin', 'lib/*/priv/bin'].map((path) => `usr/lib/erlang/${path}/*`)
  for (const path of globSync(folders, { cwd: root })) {
    const file = join(root, path)
    const kind = await kindOf(file)
    if (kind === 'program') {
      await rename(file, `${file}.elf`)
      const command = `"${join(root, loader)}" --library-path "${libraryPath}" --argv0 "$0"`
      await writeFile(file, `#!/bin/sh\nexec ${command} "${file}.elf" "$@"\n`)
      await chmod(file, 0o755)
    } else if (kind === 'script') {
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replaceAll('/usr/lib/erlang', join(root, 'usr/lib/erlang')))
    }
  }
}

/** Undefined for links too: what they lead to is among the files itself. */
async function kindOf(path: string): Promise<'program' | 'script' | undefined> {
  if (!(await lstat(path)).isFile()) return undefined
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1') === '\x7fELF') return 'program'
    return buffer.toString('latin1', 0, 2) === '#!' ? 'script' : undefined
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
