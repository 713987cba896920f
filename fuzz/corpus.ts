import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Inputs that once failed, by target: each run begins with them. */
export function readCorpus(target: string): unknown[] {
  const file = fileOf(target)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

/** @returns the file */
export function addToCorpus(target: string, input: unknown): string {
  const file = fileOf(target)
  writeFileSync(file, `${JSON.stringify([...readCorpus(target), input], undefined, 2)}\n`)
  return file
}

function fileOf(target: string): string {
  return `${import.meta.dirname}/corpus/${target}.json`
}
