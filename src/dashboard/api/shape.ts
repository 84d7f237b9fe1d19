// Whether an answer has the shape that the page reads. The schemas themselves stay on the server (zod is heavier than
// this whole page); this catches a proxy's HTML or an older server, not a lying one.

import type { LiveMessage } from '../../shared/schema/live-message.ts'
import type { Chain, Page, Problem, Signer, Transfer, Wal } from './wire.ts'

export type Shape<T> = (value: unknown) => value is T

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isTransfer(value: unknown): value is Transfer {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.status === 'string' &&
    typeof value.seq === 'number' &&
    isObject(value.action) &&
    Array.isArray(value.steps)
  )
}

export function isChain(value: unknown): value is Chain {
  return isObject(value) && typeof value.chain === 'string' && typeof value.native_symbol === 'string'
}

export function isSigner(value: unknown): value is Signer {
  return isObject(value) && typeof value.chain === 'string' && typeof value.address === 'string'
}

export function pageOf<T>(item: Shape<T>): Shape<Page<T>> {
  return (value): value is Page<T> => isObject(value) && Array.isArray(value.data) && value.data.every(item)
}

export function isWal(value: unknown): value is Wal {
  return isObject(value) && isObject(value.head) && Array.isArray(value.groups)
}

export function isProblem(value: unknown): value is Problem {
  return isObject(value) && [value.title, value.code, value.detail].every((text) => typeof text === 'string')
}

export function isLiveMessage(value: unknown): value is LiveMessage {
  if (!isObject(value) || typeof value.transfer !== 'string' || typeof value.seq !== 'number') return false
  return value.type === 'live' || (value.type === 'record' && isObject(value.record) && isObject(value.by))
}
