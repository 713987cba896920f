/** The languages of the command line. Documents (`--output json`), codes and names are the same in both. */
export type Language = 'en' | 'ru'

/**
 * The language of a locale as POSIX reads it: the first of LC_ALL, LC_MESSAGES and LANG that is set. Everything is
 * printed in UTF-8, so a Russian locale with another encoding is answered in English.
 */
export function languageOf(environment: NodeJS.ProcessEnv): Language {
  const names = ['LC_ALL', 'LC_MESSAGES', 'LANG']
  const locale = names.map((name) => environment[name]).find(Boolean) ?? ''
  return /^ru(_[a-z]{2})?(\.utf-?8)?(@\w+)?$/i.test(locale) ? 'ru' : 'en'
}

let current = languageOf(process.env)

export function language(): Language {
  return current
}

/** Changes the language of what is said from now on. */
export function speak(next: Language): void {
  current = next
}
