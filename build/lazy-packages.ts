import { createRequire } from 'node:module'
import { build, type Plugin } from 'esbuild'

/**
 * Packages that a start does not need, and many invocations neither: for telephone numbers, quiet hours, HTML in texts,
 * IP addresses, addresses by rule, events in CBOR, tenants.yml where the table of tenants can't be read; and those by
 * which something is sent. Each is a file of its own, which the first use of an export reads.
 */
const packages = [
  'cbor2',
  'entities/decode',
  'ipaddr.js',
  'jose',
  'libphonenumber-js/min',
  'liquidjs',
  'nodemailer',
  'temporal-polyfill',
  'undici',
  'yaml',
]

const namespace = 'lazy-package'

/** @param renders whether the functions render templates: then they need LiquidJS at once, to extend it */
export function lazyPackages({ renders }: { readonly renders: boolean }): Plugin {
  const isLazy = (name: string) => packages.includes(name) && !(renders && name === 'liquidjs')
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
        kind === 'import-statement' && isLazy(path)
          ? { path, namespace, sideEffects: false }
          : undefined,
      )
      onLoad({ filter: /.*/, namespace }, async ({ path }) => ({ contents: await stubOf(path) }))
    },
  }
}

/** Stands in for the package: each export is a proxy of the real one, and the default export of all together. */
async function stubOf(name: string): Promise<string> {
  const names = Object.keys(createRequire(import.meta.url)(name))
  return [
    "import { createRequire } from 'node:module'",
    'let loaded',
    `const load = () => (loaded ??= createRequire(import.meta.url)('./${fileOf(name)}'))`,
    'const lazy = (name) => new Proxy(function () {}, {',
    '  get: (_, key) => load()[name][key],',
    '  apply: (_, self, args) => load()[name].apply(self, args),',
    '  construct: (_, args) => new (load()[name])(...args),',
    '})',
    'export default /* @__PURE__ */ new Proxy({}, { get: (_, key) => load()[key] })',
    ...names.filter(isName).map((one) => `export const ${one} = /* @__PURE__ */ lazy('${one}')`),
  ].join('\n')
}

function isName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default'
}

function fileOf(name: string): string {
  return `${name.replace('/', '-')}.cjs`
}

/** A lazy package's file, and the files that were read for it. */
export interface LazyFile {
  readonly name: string
  readonly contents: Uint8Array
  readonly inputs: readonly string[]
}

/** Bundles the lazy packages among the inputs of a bundle. */
export async function lazyFiles(inputs: readonly string[]): Promise<LazyFile[]> {
  const used = packages.filter((name) => inputs.includes(`${namespace}:${name}`))
  return Promise.all(used.map(bundlePackage))
}

const bundled = new Map<string, Promise<LazyFile>>()

function bundlePackage(name: string): Promise<LazyFile> {
  const file = bundled.get(name) ?? buildPackage(name)
  bundled.set(name, file)
  return file
}

async function buildPackage(name: string): Promise<LazyFile> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${name}'`, resolveDir: '.' },
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    write: false,
    metafile: true,
  })
  const [contents] = outputFiles.map((file) => file.contents) as [Uint8Array]
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>')
  return { name: fileOf(name), contents, inputs }
}
