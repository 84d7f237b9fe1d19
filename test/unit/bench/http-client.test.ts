// The client of the benchmarks: what does not answer is an error that says so, and not a benchmark without an end.

import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { HttpClient, NoAnswer } from '../../../bench/http-client.ts'

const WITHIN_MS = 100

let server: Server | null = null

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serving(answer: Parameters<typeof createServer>[1]): Promise<URL> {
  const started = createServer(answer)
  server = started
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve)
  })
  const address = started.address()
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
}

test('nobody answers', async () => {
  const client = new HttpClient(await serving(() => {}), WITHIN_MS)
  await expect(client.get('/silent', {})).rejects.toThrow(NoAnswer)
  await expect(client.post('/silent', {}, 'body')).rejects.toThrow(
    'POST /silent was not answered within 100 ms',
  )
  client.close()
})

test('half an answer is none', async () => {
  const client = new HttpClient(await serving((_, response) => void response.write('half')), WITHIN_MS)
  await expect(client.get('/half', {})).rejects.toThrow()
  client.close()
})

test('an answer', async () => {
  const client = new HttpClient(await serving((_, response) => void response.end('whole')), WITHIN_MS)
  expect(await client.get('/', {})).toMatchObject({ status: 200, text: 'whole' })
  client.close()
})
