// Sets a chosen theme before the first paint: after it, a dark choice on a light system would flash. A file of its
// own because the page's policy allows no inline script.
try {
  const theme = localStorage.getItem('waybill.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system's theme stands.
}
