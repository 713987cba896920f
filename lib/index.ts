/** `ecos-eventbridge`: both entry points in one. The command is in bin/. */
export * from './record-source.ts'
export * from './tenant-function.ts'
