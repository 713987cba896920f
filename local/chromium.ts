import { findExecutable } from './commands.ts'
import type { Context } from './context.ts'
import { canInstallPackages, installPackage } from './debian.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * The browser in which the console is tested: the one that CHROMIUM names, the machine's own, or else
 * Debian's package, which root can have installed. Undefined where there is none.
 */
export async function findChromium(context: Context): Promise<string | undefined> {
  const own = process.env['CHROMIUM'] || firstOf(names)
  if (own !== undefined || !canInstallPackages()) return own
  // It failing is shown as a step; the tests that need it then fail, and say so.
  await installPackage('chromium', context).catch(() => undefined)
  return firstOf(names)
}

function firstOf(commands: readonly string[]): string | undefined {
  return commands.flatMap((name) => findExecutable(name) ?? [])[0]
}
