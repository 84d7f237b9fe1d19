// The look of the reference: paper and ink, a stamp for what writes. No font, image or sheet comes from elsewhere.

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ee; --sheet: #fffefb; --ink: #1d1e20; --soft: #5c5e63; --rule: #ddd8cb; --tint: #efebdf;
  --stamp: #9a3412; --go: #17604e; --code: #23303f; --focus: #1f5fbf;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, monospace;
  --text: ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131517; --sheet: #1a1d20; --ink: #e9e6df; --soft: #a2a4a8; --rule: #31353a; --tint: #22262a;
    --stamp: #f3a37f; --go: #82d3bb; --code: #d5dfea; --focus: #8bb8ff;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--text); }
a { color: var(--stamp); text-decoration-thickness: 1px; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
code, pre, .path, .status, .verb { font-family: var(--mono); font-size: 0.875em; }
code { color: var(--code); overflow-wrap: anywhere; }
p { margin: 0.5rem 0; max-width: 70ch; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--sheet); padding: 0.5rem 1rem; z-index: 2; }
.frame { display: grid; grid-template-columns: minmax(15rem, 19rem) minmax(0, 1fr); max-width: 84rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; height: 100dvh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem;
  border-right: 1px solid var(--rule); font-size: 0.875rem; }
nav .brand { font: 700 1.25rem/1 var(--text); letter-spacing: -0.02em; color: var(--ink); text-decoration: none; }
nav summary { display: none; }
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.6875rem; letter-spacing: 0.08em; text-transform: uppercase; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a, nav p a { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.25rem 0.5rem; margin: 0 -0.5rem;
  border-radius: 4px; color: var(--ink); text-decoration: none; }
nav p { margin: 0.75rem 0 0; }
nav a:hover, nav a[aria-current] { background: var(--tint); }
nav .path { overflow-wrap: anywhere; font-size: 0.75rem; }
.filter { display: block; margin-top: 1rem; }
.filter span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.filter input { width: 100%; font: inherit; padding: 0.4rem 0.6rem; color: var(--ink); background: var(--sheet);
  border: 1px solid var(--rule); border-radius: 4px; }
.verb { display: inline-block; min-width: 2.75rem; text-align: center; text-transform: uppercase; font-size: 0.6875rem;
  font-weight: 700; letter-spacing: 0.04em; border: 1px solid currentColor; border-radius: 3px; padding: 0.05rem 0.25rem; }
.verb.get { color: var(--go); }
.verb.post { color: var(--stamp); }
main { padding: 2.5rem clamp(1rem, 4vw, 3.5rem) 6rem; min-width: 0; }
h1 { font-size: clamp(2.25rem, 6vw, 3.25rem); line-height: 1.05; letter-spacing: -0.035em; margin: 0 0 1rem; }
main h2 { font-size: 1.5rem; letter-spacing: -0.015em; margin: 3.5rem 0 0; padding-top: 1.25rem; border-top: 3px double var(--rule); }
.lead { color: var(--soft); }
.operation, .schema { background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px;
  padding: clamp(1rem, 3vw, 1.75rem); margin-top: 1.25rem; }
h3 { margin: 0; font-size: 1.1875rem; letter-spacing: -0.01em; }
h3 .anchor { color: inherit; text-decoration: none; }
h3 .anchor:hover { text-decoration: underline; }
h4 { margin: 1.5rem 0 0.25rem; font-size: 0.75rem; letter-spacing: 0.08em; text-transform: uppercase; color: var(--soft); }
.signature { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; margin: 0.5rem 0 1rem; }
.signature .path { font-size: 0.9375rem; }
.role { font-size: 0.75rem; color: var(--soft); border: 1px dashed var(--rule); border-radius: 99px; padding: 0 0.6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { text-align: left; font-size: 0.75rem; font-weight: 600; color: var(--soft); }
th, td { padding: 0.4rem 1rem 0.4rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td:last-child { min-width: 14rem; }
td code { overflow-wrap: normal; }
td:last-child code { overflow-wrap: anywhere; }
.values code { margin-right: 0.35rem; }
.required, .optional { display: block; font-size: 0.6875rem; color: var(--soft); }
.required { color: var(--stamp); }
.code { position: relative; margin: 0.75rem 0; }
pre { margin: 0; padding: 1rem; overflow-x: auto; background: var(--tint); border-radius: 4px; line-height: 1.5; tab-size: 2; }
pre code { overflow-wrap: normal; }
.copy { position: absolute; top: 0.5rem; right: 0.5rem; font: 600 0.75rem/1 var(--text); padding: 0.4rem 0.6rem;
  color: var(--ink); background: var(--sheet); border: 1px solid var(--rule); border-radius: 4px; cursor: pointer; }
.copy:hover { border-color: var(--soft); }
.status { font-weight: 700; }
.example { margin-top: 0.5rem; }
.example > summary { cursor: pointer; padding: 0.25rem 0; }
.codes { list-style: none; padding: 0; margin: 0.25rem 0; font-size: 0.9rem; }
.codes li { padding: 0.15rem 0; }
.problems { margin: 1rem 0 0; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; }
.problems > div { display: grid; grid-template-columns: minmax(13rem, 17rem) 1fr; gap: 0 1.5rem; padding: 0.75rem clamp(1rem, 3vw, 1.75rem); }
.problems > div + div { border-top: 1px solid var(--rule); }
.problems > div:target, .operation:target, .schema:target { box-shadow: inset 3px 0 0 var(--stamp); }
.problems dt { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; }
.problems dd { margin: 0; }
.problems dd p { margin: 0.15rem 0 0; color: var(--soft); }
footer { margin-top: 4rem; color: var(--soft); font-size: 0.875rem; }
[hidden] { display: none !important; }
@media (max-width: 52rem) {
  .frame { display: block; }
  nav { position: static; height: auto; padding: 1.25rem 1rem 0.5rem; border-right: 0; border-bottom: 1px solid var(--rule); }
  nav summary { display: list-item; margin-top: 0.75rem; cursor: pointer; }
  nav li a, nav p a { padding: 0.5rem; }
  .problems > div { grid-template-columns: 1fr; }
}
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
  td, td:last-child { border: 0; padding: 0.1rem 0; min-width: 0; }
  td code { overflow-wrap: anywhere; }
  .required, .optional { display: inline; margin-left: 0.5rem; }
}
@media print { nav, .copy { display: none; } .frame { display: block; } }
`
