// Vite gives a file as its text.

declare module '*.sql?raw' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: Vite has no other form.
  export default text
}
