import { Drop } from 'liquidjs'

/** Returns the name of any property that a template reads. */
class AnyName extends Drop {
  override liquidMethodMissing(name: string): string {
    return name
  }
}

/** Custom data for a check or a preview without a subscription: every name stands for itself. */
export const anyName = new AnyName() as unknown as Readonly<Record<string, unknown>>
