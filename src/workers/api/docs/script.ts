// What the page does by itself: copies examples, filters the contents, shows where the reader is. It reads only the
// page, so it also works in a saved copy.

export const SCRIPT = `
'use strict'
const all = (selector, root = document) => [...root.querySelectorAll(selector)]

if (location.protocol.startsWith('http')) {
  for (const place of all('[data-origin]')) place.textContent = location.origin
}

for (const block of all('.code')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.setAttribute('aria-live', 'polite')
  button.addEventListener('click', async () => {
    const text = block.querySelector('code').textContent
    const done = await copy(text)
    button.textContent = done ? 'Copied' : 'Press Ctrl+C'
    setTimeout(() => { button.textContent = 'Copy' }, 1500)
  })
  block.append(button)
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

const menu = document.querySelector('.menu')
const narrow = matchMedia('(max-width: 52rem)')
const fold = () => { menu.open = !narrow.matches }
narrow.addEventListener('change', fold)
fold()

const filter = document.getElementById('filter')
filter.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase()
  for (const entry of all('#links li')) {
    const text = entry.textContent + ' ' + (entry.firstElementChild.title || '')
    entry.hidden = !text.toLowerCase().includes(wanted)
  }
  for (const title of all('#links h2')) {
    title.hidden = all('li', title.nextElementSibling).every((entry) => entry.hidden)
  }
})
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.matches('input, textarea')) return
  event.preventDefault()
  menu.open = true
  filter.focus()
})

const links = new Map(all('#links a').map((link) => [link.hash.slice(1), link]))
const seen = new Set()
const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) seen[isIntersecting ? 'add' : 'delete'](target)
  const current = all('article').find((article) => seen.has(article))
  for (const link of links.values()) link.removeAttribute('aria-current')
  if (current) links.get(current.id)?.setAttribute('aria-current', 'true')
}, { rootMargin: '0px 0px -60% 0px' })
for (const article of all('article')) watch.observe(article)
`
