import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

const namespace = 'builtin-module'
const whole = 'whole-builtin-module'

/**
 * Has a bundle read from Node's modules only the exports that it uses. An `import` of one also evaluates each of its
 * lazy exports: `node:http` then loads Node's own copy of undici for its WebSocket, a fifth of a function's start.
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_/:]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined
      if (kind === 'import-statement') return { path, namespace, sideEffects: false }
      return kind === 'dynamic-import' ? { path, namespace: whole } : undefined
    })
    // esbuild leaves out what is not imported, since reading it counts as pure.
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: moduleOf(
        path,
        exportsOf(path),
        (name) => `/* @__PURE__ */ (() => builtin.${name})()`,
      ),
    }))
    onLoad({ filter: /.*/, namespace: whole }, ({ path }) => ({
      contents: moduleOf(
        path,
        exportsOf(path).filter((name) => !ofUndici.has(name)),
        (name) => `builtin.${name}`,
      ),
    }))
  },
}

/** Exports of node:http for which Node loads undici. A dynamic import would evaluate them: it takes every export. */
const ofUndici = new Set(['CloseEvent', 'MessageEvent', 'WebSocket'])

function moduleOf(path: string, names: readonly string[], read: (name: string) => string): string {
  return [
    `const builtin = process.getBuiltinModule(${JSON.stringify(path)})`,
    'export default builtin',
    ...names.map((name) => `export const ${name} = ${read(name)}`),
  ].join('\n')
}

function exportsOf(path: string): string[] {
  const names = Object.keys(process.getBuiltinModule(path) ?? {})
  return names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
}
