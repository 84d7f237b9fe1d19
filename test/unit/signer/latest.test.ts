// Guarantee (S16): whoever asks for a step is told of its latest admission.

import { expect, test } from 'vitest'
import { latestOf } from '../../../src/shared/signer/state/standing.ts'
import { newSigner } from '../../../src/shared/signer/state/state.ts'
import { stepKeyText } from '../../../src/shared/transfer/step-report.ts'
import { START, stepKeyOf } from '../../support/domain-values.ts'

test('the latest of those that follow on each other, whatever became of them', () => {
  const state = newSigner()
  const first = stepKeyOf(1)
  const [second, third, fifth] = [1, 2, 4].map((generation) => ({ ...first, generation }))
  expect(latestOf(state, first)).toEqual(first)
  for (const key of [second, third, fifth].flatMap((one) => one ?? [])) {
    const standing = { at: 'withdrawn' } as const
    state.ended.set(stepKeyText(key), { key, standing, isAcknowledged: true, ended_at: START })
  }
  expect(latestOf(state, first)).toEqual(third)
  expect(latestOf(state, stepKeyOf(2))).toEqual(stepKeyOf(2))
})
