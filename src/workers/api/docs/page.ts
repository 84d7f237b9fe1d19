// The page: navigation, how to begin, every operation, every schema, every problem. Made from the same operations and
// schemas as /openapi.json; readable without its script.

import { html, raw } from 'hono/html'
import { PROBLEM_CODES, PROBLEMS } from '../../../shared/schema/problem.ts'
import { ABOUT, GROUPS } from '../openapi/about.ts'
import { componentSchemas } from '../openapi/components.ts'
import type { Group, Operation } from '../operation.ts'
import { type Markup, prose } from './markup.ts'
import { operationSection } from './operation-section.ts'
import { schemaSection } from './schema-section.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#9a3412"/>' +
      '<path d="M6 10l4 13 6-11 6 11 4-13" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round"/></svg>',
  )

export async function docsHtml(operations: readonly Operation[]): Promise<string> {
  const groups = Map.groupBy(operations, (operation) => operation.group)
  const schemas = Object.entries(componentSchemas())
  return String(
    await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Waybill API</title>
<link rel="icon" href="${ICON}">
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the reference</a>
<div class="frame">
${navigation(
  groups,
  schemas.map(([name]) => name),
)}
<main id="content" tabindex="-1">
${introduction()}
${[...groups].map(([group, members]) => groupSection(group, members))}
<section class="group" aria-labelledby="schemas">
<h2 id="schemas">Schemas</h2>
<p class="lead">The forms of requests and answers, named as in the OpenAPI document.</p>
${schemas.map(([name, schema]) => schemaSection(name, schema))}
</section>
${problems()}
<footer>Made from the same operations as <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</footer>
</main>
</div>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`,
  )
}

function navigation(groups: ReadonlyMap<Group, readonly Operation[]>, schemas: readonly string[]): Markup {
  return html`<nav aria-label="Reference">
<a class="brand" href="/">Waybill</a>
<details class="menu" open>
<summary>Contents</summary>
<label class="filter"><span>Filter</span><input id="filter" type="search" placeholder="Filter, press /" autocomplete="off"></label>
<div class="links" id="links">
<p><a href="#begin">Begin</a></p>
${[...groups].map(
  ([group, members]) => html`<h2>${group}</h2>
<ul>${members.map(
    ({ name, method, path, summary }) =>
      html`<li><a href="#${name}" title="${summary}"><span class="verb ${method}">${method}</span><span class="path">${path}</span></a></li>`,
  )}</ul>`,
)}
<h2>Schemas</h2>
<ul>${schemas.map((name) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
<p><a href="#problems">Problems</a></p>
</div>
</details>
</nav>`
}

function introduction(): Markup {
  return html`<header class="title">
<h1>Waybill API</h1>
${prose(ABOUT)}
</header>
<section class="group" aria-labelledby="begin">
<h2 id="begin">Begin</h2>
<p>The examples below read two variables. Set them once in your shell, with your own key:</p>
<div class="code"><pre><code>export WAYBILL_URL=<span data-origin>http://localhost:8787</span>
export WAYBILL_KEY=wb_...</code></pre></div>
<p>Every answer carries <code>X-Request-Id</code>. An error is <code>application/problem+json</code>: switch over its
<code>code</code>, show its <code>detail</code> and <code>help</code>. All codes stand under <a href="#problems">Problems</a>.</p>
</section>`
}

function groupSection(group: Group, operations: readonly Operation[]): Markup {
  return html`<section class="group">
<h2>${group}</h2>
<p class="lead">${GROUPS[group]}</p>
${operations.map(operationSection)}
</section>`
}

function problems(): Markup {
  return html`<section class="group" aria-labelledby="problems">
<h2 id="problems">Problems</h2>
<p class="lead">A code never changes its meaning or its status.</p>
<dl class="problems">${PROBLEM_CODES.map((code) => {
    const { status, title, help } = PROBLEMS[code]
    return html`<div id="${code}"><dt><code>${code}</code><span class="status">${status}</span></dt><dd><strong>${title}.</strong> ${prose(help)}</dd></div>`
  })}</dl>
</section>`
}
