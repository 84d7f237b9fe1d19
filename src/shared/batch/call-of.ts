// A transfer's action as the executor runs it.

import type { Action, SingleAction } from '../transfer/request.ts'
import type { BatchCall, BatchRun } from './batch-step.ts'

export function runOf(action: Action): BatchRun {
  return action.type === 'batch' ? { kind: 'group', calls: action.actions.map(callOf) } : callOf(action)
}

export function callOf(action: SingleAction): BatchCall {
  switch (action.type) {
    case 'native':
      return { kind: 'native', to: action.to, amount: action.amount }
    case 'erc20':
      return { kind: 'erc20', token: action.token, to: action.to, amount: action.amount }
    case 'call':
      return { kind: 'call', to: action.to, value: action.value, data: action.data }
  }
}
