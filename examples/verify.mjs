// Verifies a transfer's log with nothing of Waybill's: SHA-256 and canonical JSON (RFC 8785) are all it takes.
//   node examples/verify.mjs URL KEY TRANSFER

import { createHash } from 'node:crypto'

const [url, key, id] = process.argv.slice(2)
const headers = { authorization: `Bearer ${key}` }
const get = async (path) => (await fetch(new URL(path, url), { headers })).json()

const transfer = await get(`/v1/transfers/${id}`)
const { class: name, object, groups } = await get(`/v1/transfers/${id}/wal`)

let digest = sha256(canonical({ class: name, object, v: 1 }))
let seq = 0
for (const group of groups) {
  const { v, at, by, records } = group
  seq += records.length
  digest = sha256(
    canonical({
      v,
      previous: digest,
      seq: group.seq,
      at,
      by,
      records: records.map((one) => sha256(canonical(one))),
    }),
  )
  if (group.seq !== seq || group.digest !== digest) fail(`the log does not fit at seq ${group.seq}`)
  console.log(
    `${String(seq).padStart(3)}  ${at}  ${by.source.padEnd(8)}  ${records.map(({ kind }) => kind).join(', ')}`,
  )
}
if (transfer.seq === seq && transfer.head !== digest) fail('the transfer reports another head')
console.log(`verified: ${seq} records end in ${digest}`)

function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
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
