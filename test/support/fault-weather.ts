// Moderate random trouble for one endpoint: most requests go through, and over a run every class of fault strikes.

import type { BroadcastClass } from '../../src/shared/broadcast/outcome.ts'
import type { Bytes, FaultRule } from './fault-proxy/faults.ts'
import { HTML_PAGE, REFUSALS } from './fault-proxy/refusals.ts'

const SENDS = ['eth_sendRawTransaction']

/** Of all requests. A hanging one costs its caller ten seconds, so there are few of them. */
const TRANSPORT: readonly FaultRule[] = [
  { fault: { do: 'delay', ms: 60 }, chance: 0.05 },
  { fault: { do: 'reset', bytes: 'lost' }, chance: 0.01 },
  { fault: { do: 'reset', bytes: 'taken' }, chance: 0.01 },
  { fault: { do: 'http', status: 503, bytes: 'lost' }, chance: 0.01 },
  { fault: { do: 'http', status: 502, bytes: 'taken', body: HTML_PAGE }, chance: 0.01 },
  { fault: { do: 'http', status: 429, bytes: 'lost', retryAfter: '1' }, chance: 0.005 },
  { fault: { do: 'http', status: 429, bytes: 'lost' }, chance: 0.005 },
  { fault: { do: 'break', how: 'truncated' }, chance: 0.01 },
  { fault: { do: 'break', how: 'html' }, chance: 0.005 },
  { fault: { do: 'break', how: 'empty' }, chance: 0.005 },
  { fault: { do: 'break', how: 'wrong_ids' }, chance: 0.005 },
  { fault: { do: 'break', how: 'doubled_item' }, chance: 0.005 },
  { fault: { do: 'break', how: 'missing_item' }, chance: 0.005 },
  { fault: { do: 'break', how: 'reordered' }, chance: 0.02 },
  { fault: { do: 'hang', bytes: 'taken' }, chance: 0.001 },
]

/** Of sends. Verdicts are lies here: said of bytes that were good, and taken or not. */
const OF_SENDS: readonly FaultRule[] = [
  { fault: { do: 'drop' }, methods: SENDS, chance: 0.05 },
  { fault: { do: 'wrong_hash' }, methods: SENDS, chance: 0.03 },
  { fault: { do: 'reset', bytes: 'taken' }, methods: SENDS, chance: 0.05 },
  ...refusals('unclear', 'taken'),
  ...refusals('unclear', 'lost'),
  ...refusals('known', 'lost'),
  ...refusals('nonce_used', 'taken'),
  ...refusals('held_slot', 'lost'),
  ...refusals('nonce_gap', 'lost'),
  ...refusals('funds', 'lost'),
  ...refusals('underpriced', 'lost'),
  ...refusals('congested', 'lost'),
  ...refusals('invalid', 'taken'),
]

export const MODERATE_WEATHER: readonly FaultRule[] = [...OF_SENDS, ...TRANSPORT]

/** About one send in a hundred, spread over the texts of the class. */
function refusals(as: Exclude<BroadcastClass, 'accepted'>, bytes: Bytes): readonly FaultRule[] {
  const errors = REFUSALS[as]
  return errors.map((error) => ({
    fault: { do: 'refuse', as, error, bytes },
    methods: SENDS,
    chance: 0.01 / errors.length,
  }))
}
