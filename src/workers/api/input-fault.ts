// What a schema says against an input, as a problem: each fault names its field, and the first one gives the code.

import type { z } from 'zod'
import { type FieldCode, type FieldFault, isFieldCode } from '../../shared/schema/problem.ts'
import { type Problem, problem } from './problem.ts'

/** A body may be wrong in a thousand places; nobody reads more than these at once. */
const FAULTS_MAX = 20
/** Characters of a name that the caller made up and that is shown back. */
const NAME_MAX_CHARACTERS = 64
/** Names the whole where the fault is not in a field of it. */
const WHOLE = 'body'

const WORD_OF_TYPE: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  int: 'a whole number',
}

type Path = readonly PropertyKey[]

/** A value of another JSON type than text gets the code that text in this field would get. */
const CODE_OF_FIELD: Readonly<Record<string, FieldCode>> = {
  amount: 'amount_not_decimal',
  value: 'amount_not_decimal',
  max_fee_per_gas: 'amount_not_decimal',
  from: 'invalid_address',
  to: 'invalid_address',
  token: 'invalid_address',
  chain: 'invalid_chain',
  data: 'invalid_hex',
  deadline: 'invalid_time',
  not_before: 'invalid_time',
}

export function inputProblem(error: z.ZodError, input: unknown): Problem {
  const faults = error.issues.flatMap((issue) => faultsOf(issue, input)).slice(0, FAULTS_MAX)
  return faultProblem(faults)
}

export function fieldProblem(field: string, code: FieldCode, detail: string): Problem {
  return faultProblem([{ field, code, detail }])
}

function faultProblem(faults: readonly FieldFault[]): Problem {
  const [first] = faults
  if (first === undefined) return problem('invalid_field', 'The request is not of the form that is needed.')
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more: see errors)` : ''
  return problem(first.code, `${first.field} ${first.detail}${rest}`, { errors: faults })
}

function faultsOf(issue: z.core.$ZodIssue, input: unknown): readonly FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      code: 'unknown_field',
      detail: 'is not known here',
    }))
  }
  const field = fieldName(issue.path)
  if (issue.path.length > 0 && valueAt(input, issue.path) === undefined) {
    return [{ field, code: 'missing_field', detail: 'is missing' }]
  }
  return [{ field, code: codeOf(issue), detail: detailOf(issue) }]
}

function codeOf(issue: z.core.$ZodIssue): FieldCode {
  if (issue.code === 'custom' && isFieldCode(issue.params?.code)) return issue.params.code
  const name = issue.path.at(-1)
  const isWrongType = issue.code === 'invalid_type' && typeof name === 'string'
  return (isWrongType && Object.hasOwn(CODE_OF_FIELD, name) && CODE_OF_FIELD[name]) || 'invalid_field'
}

/** zod's own words are whole sentences about `Input`; here they follow the name of the field. */
function detailOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message
    case 'invalid_type':
      return `must be ${WORD_OF_TYPE[issue.expected] ?? `a ${issue.expected}`}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'is not one of the kinds that are taken'
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`
    default:
      return 'has a value that it cannot have'
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' items' : ''
}

/** Own members only: `constructor` is not a field that somebody sent. */
function valueAt(input: unknown, path: Path): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  return value
}

function fieldName(path: Path): string {
  if (path.length === 0) return WHOLE
  return path.map((key) => String(key).slice(0, NAME_MAX_CHARACTERS)).join('.')
}
