// The endpoint of the Worker under test in workerd: of the right chain, and with nothing to tell. What these tests prove
// needs no chain; what needs one is proved on a real node in test/chain. A closed port would do the same, loudly.

import { createServer } from 'node:http'

const CHAIN_REFERENCE = '0x7a69'
const NOTHING = { code: -32000, message: 'nothing is known here' }

type Call = { readonly id: number; readonly method: string }

/** Its URL. Ends with the process that asked for it. */
export function startSilentChain(): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Call | Call[] = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answer) : answer(body)))
  })
  server.unref()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    })
  })
}

function answer({ id, method }: Call) {
  const told = method === 'eth_chainId' ? { result: CHAIN_REFERENCE } : { error: NOTHING }
  return { jsonrpc: '2.0', id, ...told }
}
