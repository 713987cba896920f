import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Bundle, bundleTogether } from '../../../build/bundle.ts'
import { writeFiles } from '../../../build/bundle-functions.ts'

/**
 * What the bundle takes of Node's modules at its start, and which of these and of its own files it has loaded, before
 * and after the work.
 */
const script = `
const { createRequire } = await import('node:module')
const { getBuiltinModule } = process
const reads = []
process.getBuiltinModule = (name) => new Proxy(getBuiltinModule(name), {
  get: (module, key) => (reads.push(name + ' ' + key), module[key]),
  ownKeys: (module) => (reads.push(name + ' as a whole'), Reflect.ownKeys(module)),
})
const { cache } = createRequire(import.meta.url)
const files = () => Object.keys(cache).map((path) => path.split('/').at(-1)).sort()
const { used, laterHttp, Agent } = await import(process.argv[1])
const taken = [...reads]
const before = files()
const results = used()
const isSame = (await laterHttp()).Agent === Agent
const hasUndici = process.moduleLoadList.some((name) => name.includes('undici/undici'))
console.log(JSON.stringify({ taken, before, results, after: files(), hasUndici, agent: typeof Agent, isSame }))`

describe('a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  let bundle: Bundle
  let ran: {
    taken: string[]
    before: string[]
    results: unknown[]
    after: string[]
    hasUndici: boolean
  }
  beforeAll(async () => {
    const { bundles } = await bundleTogether(['rarely-used'], 'test/fixtures/bundle')
    bundle = bundles[0] as Bundle
    await writeFiles(folder, bundle.files)
    const file = pathToFileURL(join(folder, 'index.mjs')).href
    const args = ['--input-type=module', '--eval', script, file]
    ran = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder }))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads packages that are rarely needed when something uses them', () => {
    expect(ran.before).toEqual([])
    expect(ran.results).toEqual(['«', '+79991234567', '1970-01-02', true, true, true, [true]])
    expect(ran.after).toEqual([
      'cbor2.cjs',
      'entities-decode.cjs',
      'ipaddr.js.cjs',
      'libphonenumber-js-min.cjs',
      'temporal-polyfill.cjs',
      'yaml.cjs',
    ])
  })

  it("takes of Node's modules only what it uses", () => {
    expect(ran.taken.sort()).toEqual(['node:http Agent', 'node:module createRequire'])
  })

  it("does not load Node's own undici with node:http, imported at the start or later", () => {
    expect(ran).toMatchObject({ agent: 'function', isSame: true, hasUndici: false })
  })

  it('names the files of these packages among its inputs', () => {
    const packages = ['cbor2', 'entities', 'ipaddr.js', 'libphonenumber-js', 'yaml']
    for (const name of packages) {
      expect(bundle.inputs.some((input) => input.startsWith(`node_modules/${name}/`))).toBe(true)
    }
    expect(bundle.inputs.filter((input) => input.includes(':'))).toEqual([])
  })
})

describe('a bundle with a client of AWS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  let bundle: Bundle
  beforeAll(async () => {
    const { bundles } = await bundleTogether(['aws-client'], 'test/fixtures/bundle')
    bundle = bundles[0] as Bundle
    await writeFiles(folder, bundle.files)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has no source of credentials but the environment', () => {
    const sources = bundle.inputs.flatMap(
      (input) => /credential-provider-\w+|nested-clients/.exec(input) ?? [],
    )
    expect([...new Set(sources)].sort()).toEqual([
      'credential-provider-env',
      'credential-provider-node',
    ])
  })

  it('names the variables without which it has no credentials', () => {
    const file = pathToFileURL(join(folder, 'index.mjs')).href
    const script = 'console.log(await (await import(process.argv[1])).listTables())'
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script, file], {
      encoding: 'utf8',
      env: { HOME: folder },
    })
    expect(said.trim()).toBe(
      'CredentialsProviderError: Missing environment variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
    )
  })
})
