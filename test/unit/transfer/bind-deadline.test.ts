// Guarantee: past its deadline a transfer is not admitted any more: it expires unless it has a nonce.

import { test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { pool } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

test('a late message of a bound transfer admits nothing past the deadline; the next wake takes it back', () => {
  const deadline = addMs(START, MINUTE_MS)
  for (const standing of [null, pool(), pool('funds')]) {
    const bound = scenario().create({ deadline }).bind()
    const waiting = standing === null ? bound : bound.report(standing)
    waiting
      .after(MINUTE_MS)
      .bind()
      .expectAnswer({ result: 'refused', reason: 'withdrawing' })
      .expectRecords([])
      .wake()
      .expectRecords(['withdraw_requested'])
  }
})
