import { Drop } from 'liquidjs'
import { bounded } from './bounds.ts'

/**
 * Custom data as a template reads them. Which names there are is up to each person's subscription, so one
 * that it does not define is empty, as is one whose path has no value in the event.
 */
class CustomData extends Drop {
  constructor(values: object) {
    super()
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(values))
  }

  override liquidMethodMissing(): null {
    return null
  }
}

export function customDataFrom(values: Readonly<Record<string, unknown>>): object {
  // A check's custom data know every name.
  return values instanceof Drop ? values : new CustomData(Object(bounded(values)))
}
