// One operation: what it does, what it takes, how to call it, what comes back.

import { html } from 'hono/html'
import { PROBLEMS } from '../../../shared/schema/problem.ts'
import { parametersOf, problemsOfOperation } from '../openapi/document.ts'
import { EXAMPLE_ID } from '../openapi/examples.ts'
import type { AnswerDocs, Operation } from '../operation.ts'
import { codeBlock, inline, jsonBlock, type Markup, prose } from './markup.ts'
import { typeOf } from './schema-section.ts'

const EXAMPLE_PATH: Readonly<Record<string, string>> = { id: EXAMPLE_ID, chain: 'eip155:31337' }

export function operationSection(operation: Operation): Markup {
  const { name, method, path, summary, description, role } = operation
  return html`<article class="operation" id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title"><a class="anchor" href="#${name}">${summary}</a></h3>
<p class="signature"><span class="verb ${method}">${method}</span><code class="path">${path}</code><span class="role">${role === null ? 'no key needed' : `role ${role}`}</span></p>
${prose(description)}
${parameters(operation)}
${calls(operation)}
<h4>Answers</h4>
<div class="answers">${Object.entries(operation.answers).map(([status, docs]) => answer(status, docs))}</div>
${problemsOf(operation)}
</article>`
}

function parameters(operation: Operation): Markup | string {
  const all = parametersOf(operation)
  if (all.length === 0 && operation.body === undefined) return ''
  return html`<h4>Takes</h4>
<div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${all.map(
    (parameter) =>
      html`<tr><td><code>${parameter.name}</code>${parameter.required ? html`<span class="required">required</span>` : ''}</td><td>${parameter.in}</td><td>${typeOf(parameter.schema)}</td><td>${inline(parameter.description)}</td></tr>`,
  )}${
    operation.body === undefined
      ? ''
      : html`<tr><td>body<span class="required">required</span></td><td>body</td><td>${schemaLink(operation.body.schema)}</td><td>JSON.</td></tr>`
  }</tbody>
</table></div>`
}

function calls(operation: Operation): Markup {
  if (operation.role !== null && operation.isSocket === true) return codeBlock(socketCall(operation))
  const examples = Object.entries(operation.body?.examples ?? {})
  if (examples.length === 0) return codeBlock(curl(operation))
  return html`${examples.map(
    ([name, body], index) =>
      html`<details class="example" ${index === 0 ? 'open' : ''}><summary>Example: ${name}</summary>${codeBlock(curl(operation, body))}</details>`,
  )}`
}

function curl(operation: Operation, body?: unknown): string {
  const post = operation.method === 'post' ? '-X POST ' : ''
  const lines = [`curl ${post}"$WAYBILL_URL${examplePath(operation)}"`]
  if (operation.role !== null) lines.push('-H "Authorization: Bearer $WAYBILL_KEY"')
  if (operation.headers.includes('Idempotency-Key')) lines.push('-H "Idempotency-Key: $(uuidgen)"')
  if (body !== undefined) {
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body, null, 2)}'`)
  }
  return lines.join(' \\\n  ')
}

function socketCall(operation: Operation): string {
  return [
    `const url = WAYBILL_URL.replace(/^http/, 'ws') + '${examplePath(operation)}?after_seq=0'`,
    "const socket = new WebSocket(url, ['waybill.v1', 'bearer.' + WAYBILL_KEY])",
    'socket.onmessage = (event) => console.log(JSON.parse(event.data))',
  ].join('\n')
}

function examplePath(operation: Operation): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (part, name: string) => EXAMPLE_PATH[name] ?? part)
}

function answer(status: string, docs: AnswerDocs): Markup {
  const head = html`<span class="status">${status}</span> ${inline(docs.description)} ${docs.schema === undefined ? '' : schemaLink(docs.schema)}`
  const headers = (docs.headers ?? []).map((name) => html`<code>${name}</code> `)
  if (docs.example === undefined) return html`<p class="answer">${head} ${headers}</p>`
  return html`<details class="example"><summary>${head} ${headers}</summary>${jsonBlock(docs.example)}</details>`
}

function problemsOf(operation: Operation): Markup {
  const codes = problemsOfOperation(operation)
  return html`<details class="example"><summary>${codes.length} problems</summary>
<ul class="codes">${codes.map(
    (code) =>
      html`<li><span class="status">${PROBLEMS[code].status}</span> <a href="#${code}"><code>${code}</code></a> ${PROBLEMS[code].title}.</li>`,
  )}</ul></details>`
}

function schemaLink(name: string): Markup {
  return html`<a href="#schema-${name}">${name}</a>`
}
