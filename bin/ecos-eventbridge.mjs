#!/usr/bin/env node
// The command. In a clone of the project it runs from the sources; an installed package holds none,
// since Node runs no TypeScript below node_modules, and runs what was built of them.
import { existsSync } from 'node:fs'

const source = new URL('./main.ts', import.meta.url)
const built = new URL('../dist/bin/main.js', import.meta.url)
await import(existsSync(source) ? source.href : built.href)
