// Guarantee (T3): a transfer that asked for it is tried once more after a failure that is final, alone; and nothing else is.

import { describe, test } from 'vitest'
import type { StepOutcome } from '../../../src/shared/transfer/step-report.ts'
import { SIGNER } from '../../support/domain-values.ts'
import { final, inBlock, pool, rejected, slot } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const sent = (change: Parameters<ReturnType<typeof scenario>['create']>[0]) =>
  scenario()
    .create(change)
    .bind()
    .report(slot({ sent: 'broadcast', number: 4n }))

describe('a transfer that is to be tried again', () => {
  test('waits until its failure is final, and is admitted anew then, alone', () => {
    sent({ on_failure: 'retry' })
      .report(inBlock(100, 'reverted'))
      .expectRecords(['mined'])
      .expectStatus('mined')
      .report(final(100, 'reverted'))
      .expectRecords(['retried'])
      .expectEffects(['enqueue'])
      .expectStatus('accepted')
      .expectState({ generation: 1, retries: 1 })
      .bind()
      .expectRecord({ kind: 'bound', generation: 1, signer: SIGNER })
      .expectAnswerMatching({ result: 'bound', key: { generation: 1 }, request: { batch: 'never' } })
  })

  test('can succeed then', () => {
    sent({ on_failure: 'retry' })
      .report(final(100, 'reverted'))
      .bind()
      .report(final(104))
      .expectStatus('finalized')
  })

  test('is tried no third time', () => {
    sent({ on_failure: 'retry' })
      .report(final(100, 'reverted'))
      .bind()
      .report(final(104, 'reverted'))
      .expectRecords(['signed', 'broadcast', 'mined', 'failed'])
      .expectStatus('failed')
  })

  test('fails without a transaction where a trial run says that it would revert again', () => {
    sent({ on_failure: 'retry' })
      .report(final(100, 'reverted'))
      .bind()
      .report(pool())
      .report(rejected())
      .expectRecords(['failed'])
      .expectState({ failure: 'would_revert' })
  })

  test('can be canceled before that', () => {
    sent({ on_failure: 'retry' })
      .report(final(100, 'reverted'))
      .cancel()
      .expectRecords(['withdraw_requested', 'canceled'])
  })

  test('is not, where somebody wanted it back', () => {
    sent({ on_failure: 'retry' })
      .cancel()
      .report(final(100, 'reverted'))
      .expectRecords(['mined', 'withdraw_refused', 'failed'])
  })
})

describe('no second try', () => {
  test('is made of a transfer that did not ask for it', () => {
    sent({}).report(final(100, 'reverted')).expectStatus('failed')
  })

  test.each<StepOutcome>(['no_effect', 'number_used'])(
    'follows %s: something may have happened',
    (outcome) => {
      sent({ on_failure: 'retry' }).report(final(100, outcome)).expectStatus('failed')
    },
  )
})
