// A Worker that logs more than a pipe holds with every request, with the classes and handlers that wrangler.toml names.

export class TransferObject {}
export class SignerObject {}
export class ChainObject {}

const LINES = 200
const LINE = 'x'.repeat(1_000)

function chat(): void {
  for (let line = 0; line < LINES; line++) console.log(LINE)
}

// biome-ignore lint/style/noDefaultExport: the runtime takes a Worker by its default export.
export default {
  fetch(): Response {
    chat()
    return new Response('ok')
  },
  queue(): void {},
  scheduled(): void {
    chat()
  },
}
