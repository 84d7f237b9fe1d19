// Which texts on a page are too faint for their ground (WCAG 2.2, 1.4.3: 4.5 to 1, large text 3 to 1). Measured on what
// is drawn, over every visible text, so that a color that nobody thought of counts too.

import type { Page } from 'playwright-core'

/** Answers one line for each text that is too faint. */
export function lowContrasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Color = { readonly r: number; readonly g: number; readonly b: number; readonly a: number }
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const read = (text: string): Color => {
      if (canvas === null) throw new Error('no canvas')
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = text
      canvas.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data
      return { r, g, b, a: a / 255 }
    }
    const over = (top: Color, under: Color): Color => ({
      r: top.r * top.a + under.r * (1 - top.a),
      g: top.g * top.a + under.g * (1 - top.a),
      b: top.b * top.a + under.b * (1 - top.a),
      a: 1,
    })
    const groundOf = (element: Element): Color => {
      const layers: Color[] = []
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const color = read(getComputedStyle(at).backgroundColor)
        if (color.a > 0) layers.push(color)
        if (color.a === 1) break
      }
      return layers.reduceRight((under, layer) => over(layer, under), read('white'))
    }
    const channel = (value: number) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }
    const luminance = ({ r, g, b }: Color) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
    const isText = (node: ChildNode) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''

    const scope = document.querySelector('dialog[open]') ?? document.body
    return Array.from(scope.querySelectorAll('*')).flatMap((element) => {
      if (!Array.from(element.childNodes).some(isText)) return []
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return []
      if (element.closest('.visually-hidden, .skip-links, :disabled, noscript') !== null) return []
      const style = getComputedStyle(element)
      const ground = groundOf(element)
      const [light, dark] = [luminance(over(read(style.color), ground)), luminance(ground)].toSorted(
        (a, b) => b - a,
      )
      const ratio = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
      const isLarge = Number.parseFloat(style.fontSize) >= 24
      if (ratio >= (isLarge ? 3 : 4.5)) return []
      return [`${ratio.toFixed(2)}: ${element.className} "${element.textContent?.slice(0, 30)}"`]
    })
  })
}
