// AWS Signature Version 4 of a POST to "/", as the documentation of IAM describes it: what a service compares.

import { createHash, createHmac } from 'node:crypto'
import type { ServiceCall } from './key-service.ts'

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

/** Why the request is not signed by this secret; null: it is. */
export function signatureFault({ headers, body }: ServiceCall, secret: string): string | null {
  const match = AUTHORIZATION.exec(headers.authorization ?? '')
  if (match === null) return 'no signature of version 4'
  const [, , day = '', region = '', names = '', signature] = match
  const time = String(headers['x-amz-date'])
  if (!time.startsWith(day)) return 'the day is another'
  const signedNames = names.split(';')
  for (const name of ['host', 'x-amz-date', 'x-amz-target']) {
    if (!signedNames.includes(name)) return `${name} is not signed`
  }
  const lines = signedNames.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
  const canonical = ['POST', '/', '', lines, names, sha256(body)].join('\n')
  const scope = `${day}/${region}/kms/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [day, region, 'kms', 'aws4_request'].reduce<string | Buffer>(
    (under, part) => hmac(under, part),
    `AWS4${secret}`,
  )
  return hmac(key, toSign).toString('hex') === signature ? null : 'the signature does not match'
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
