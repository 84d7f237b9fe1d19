// One named schema as a table of its fields.

import { html } from 'hono/html'
import type { JsonSchema } from '../openapi/components.ts'
import { inline, type Markup } from './markup.ts'

const REFERENCE_PREFIX = '#/components/schemas/'

export function schemaSection(name: string, schema: JsonSchema): Markup {
  return html`<article class="schema" id="schema-${name}" aria-labelledby="schema-${name}-title">
<h3 id="schema-${name}-title"><a class="anchor" href="#schema-${name}">${name}</a></h3>
${schema.description === undefined ? '' : html`<p>${inline(schema.description)}</p>`}
${body(schema)}
</article>`
}

/** The type in words, with a link where it has a name of its own. */
export function typeOf(schema: JsonSchema | boolean): Markup {
  if (typeof schema === 'boolean') return html`anything`
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REFERENCE_PREFIX.length)
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return joined(options.map(typeOf))
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum !== undefined) {
    return html`<span class="values">${schema.enum.map((value) => html`<code>${String(value)}</code> `)}</span>`
  }
  if (schema.type === 'array') return html`list of ${typeOf(itemsOf(schema))}`
  return html`${[schema.type ?? 'anything'].flat().join(' or ')}${limits(schema)}`
}

function body(schema: JsonSchema): Markup {
  const options = schema.oneOf ?? schema.anyOf
  if (options !== undefined) return html`<p>One of:</p>${options.map(option)}`
  if (schema.properties !== undefined) return fields(schema)
  const examples = schema.examples ?? []
  return html`<p>${typeOf(schema)}${schema.pattern === undefined ? '' : html`, <code>${schema.pattern}</code>`}</p>
${examples.map((example) => html`<p>Example: <code>${JSON.stringify(example)}</code></p>`)}`
}

function option(schema: JsonSchema | boolean): Markup {
  if (typeof schema === 'boolean' || schema.properties === undefined) return html`<p>${typeOf(schema)}</p>`
  return fields(schema)
}

function fields(schema: JsonSchema): Markup {
  const required = new Set(schema.required ?? [])
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const { description = '', default: otherwise } = typeof field === 'boolean' ? {} : field
    return html`<tr><td><code>${name}</code>${required.has(name) ? '' : html`<span class="optional">optional</span>`}</td><td>${typeOf(field)}${otherwise === undefined || otherwise === null ? '' : html`<span class="optional">default <code>${JSON.stringify(otherwise)}</code></span>`}</td><td>${inline(description)}</td></tr>`
  })}</tbody>
</table></div>`
}

function limits(schema: JsonSchema): string {
  const { minimum, maximum, minLength, maxLength } = schema
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  if (minimum !== undefined && minimum > 0) return `, from ${minimum}`
  if (maxLength === undefined) return ''
  return minLength === undefined
    ? `, up to ${maxLength} characters`
    : `, ${minLength} to ${maxLength} characters`
}

function itemsOf(schema: JsonSchema): JsonSchema | boolean {
  const { items } = schema
  return items === undefined || Array.isArray(items) ? true : items
}

function joined(parts: readonly Markup[]): Markup {
  return html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`
}
