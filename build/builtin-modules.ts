import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

/**
 * Has a bundle take Node's modules as CommonJS gives them. An `import` of one also evaluates each of its lazy exports:
 * `node:http` then loads Node's own copy of undici for its WebSocket, a fifth of a function's start.
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_/:]+$/ }, ({ path, kind }) => {
      return kind === 'import-statement' && isBuiltin(path)
        ? { path, namespace: 'builtin-module', sideEffects: false }
        : undefined
    })
    onLoad({ filter: /.*/, namespace: 'builtin-module' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}
