// Verifies a transfer's log with nothing of Waybill's: SHA-256 and canonical JSON (RFC 8785) are all it takes.
//   node examples/verify.mjs URL KEY TRANSFER

import { createHash } from 'node:crypto'

const [url, key, id] = process.argv.slice(2)
const headers = { authorization: `Bearer ${key}` }
const get = async (path) => (await fetch(new URL(path, url), { headers })).json()

const transfer = await get(`/v1/transfers/${id}`)
const { class: name, object, groups } = await get(`/v1/transfers/${id}/wal`)

const digests = [hash({ class: name, object, v: 1 })]
let seq = 0
let digest = digests[0]
for (const group of groups) {
  const { v, at, by, records } = group
  const leaves = []
  for (let first = 0; first < records.length; first += 16) leaves.push(hash(records.slice(first, first + 16)))
  const content = hash({ v, seq: group.seq, at, by, count: records.length, leaves })
  const number = digests.length
  // Each group names the one before it, and one further back: its number without the lowest bit.
  const skip = digests[number - (number & -number)]
  digest = hash({ content, previous: digests[number - 1], skip })
  digests.push(digest)
  seq += records.length
  if (group.seq !== seq || group.digest !== digest) fail(`the log does not fit at seq ${group.seq}`)
  console.log(
    `${String(seq).padStart(3)}  ${at}  ${by.source.padEnd(8)}  ${records.map(({ kind }) => kind).join(', ')}`,
  )
}
if (transfer.seq === seq && transfer.head !== digest) fail('the transfer reports another head')
console.log(`verified: ${seq} records end in ${digest}`)

function hash(value) {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((member) => `${JSON.stringify(member)}:${canonical(value[member])}`)
  return `{${members.join(',')}}`
}

function fail(why) {
  console.error(why)
  process.exit(1)
}
