import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

/**
 * Has a bundle read from Node's modules only the exports that it uses. An `import` of one also evaluates each of its
 * lazy exports: `node:http` then loads Node's own copy of undici for its WebSocket, a fifth of a function's start. Taken
 * whole, as CommonJS gives them, their exports would be copied one by one into a namespace at each start.
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
      contents: [
        `const builtin = process.getBuiltinModule(${JSON.stringify(path)})`,
        'export default builtin',
        // One that is not imported is left out, as its reading is pure.
        ...exportsOf(path).map(
          (name) => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})()`,
        ),
      ].join('\n'),
    }))
  },
}

function exportsOf(path: string): string[] {
  const names = Object.keys(process.getBuiltinModule(path) ?? {})
  return names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
}
