import fc from 'fast-check'

/**
 * A commit's tests have one result: properties run with a fixed seed. Look further with `FC_SEED=N`, or with
 * `FC_SEED=random` and many runs, as `npm run fuzz` does.
 */
const seed = process.env['FC_SEED'] ?? '20261128'

if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })
