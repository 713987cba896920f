#!/usr/bin/env node
// The command. In an installed package it is built (Node runs no TypeScript below node_modules); in
// a clone of the project it runs from the sources.
import { existsSync } from 'node:fs'

const built = new URL('../dist/bin/main.js', import.meta.url)
await import(existsSync(built) ? built.href : new URL('./main.ts', import.meta.url).href)
