import type { MessageSettings } from '../../tenants/messages.ts'

/** How a tenant's mails look. Empty texts for what the tenant has not set. */
export interface Brand {
  readonly name: string
  readonly logo: string
  readonly colour: string
  /** The colour of texts on `colour`. */
  readonly ink: string
}

const defaultColour = '#0b5cad'

export function brandOf({ name = '', logo = '', colour = defaultColour }: MessageSettings): Brand {
  return { name, logo, colour, ink: luminanceOf(colour) > 0.3 ? '#1b1f24' : '#ffffff' }
}

/** From 0, black, to 1, white (WCAG 2.2, relative luminance): above 0.3 dark texts are read better. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
