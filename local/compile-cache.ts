import { resolve } from 'node:path'

/**
 * Node keeps what it has compiled there, TypeScript stripped of its types included: a command of a clone starts with
 * half of the CPU time. Commands, workers and the framework are started hundreds of times in a run of the tests.
 */
export const compileCache = { NODE_COMPILE_CACHE: resolve('.local', 'compile-cache') }
