// Text of the reference as HTML: paragraphs and `code`, nothing else. Everything is escaped.

import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

export function prose(text: string): Markup {
  const paragraphs = text.split('\n\n')
  return html`${paragraphs.map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`
}

/** Every second part of a text that is split at its backticks is code. */
export function inline(text: string): Markup {
  const parts = text.split('`')
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}

export function codeBlock(text: string): Markup {
  return html`<div class="code"><pre tabindex="0"><code>${text}</code></pre></div>`
}

export function jsonBlock(value: unknown): Markup {
  return codeBlock(JSON.stringify(value, null, 2))
}
