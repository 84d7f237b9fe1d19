// A link that the page follows by itself. Opening it in a new tab or window stays the browser's.

export function onPlainClick(follow: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    follow()
  }
}
