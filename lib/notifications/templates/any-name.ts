import { Drop } from 'liquidjs'

/** Has whatever it is asked for, and says its name. */
class AnyName extends Drop {
  override liquidMethodMissing(name: string): string {
    return name
  }
}

/** Stands for custom data where no subscription says what it holds: any name will do. */
export const anyName = new AnyName() as unknown as Readonly<Record<string, unknown>>
