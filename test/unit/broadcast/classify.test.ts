// Guarantee: a node's refusal lands in the class whose action is safe, whatever the client, its version or the gateway
// in front of it; what nobody knows is `unclear`.

import { describe, expect, test } from 'vitest'
import { classifyRpcError } from '../../../src/shared/broadcast/classify.ts'
import type { BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'

type Texts = Readonly<Partial<Record<BroadcastClass, readonly string[]>>>

const BY_CLIENT: Readonly<Record<string, Texts>> = {
  geth: {
    known: [
      'already known',
      'Known transaction (7f65)',
      "The transaction was added to the transaction pool but wasn't processed in 10s",
    ],
    nonce_used: ['nonce too low', 'nonce too low: next nonce 12, tx nonce 7'],
    nonce_gap: ['nonce too high: tx nonce 20, gapped nonce 12'],
    held_slot: ['replacement transaction underpriced: new tx gas fee cap 10 <= 11 queued'],
    underpriced: [
      'transaction underpriced: gas tip cap 0, minimum needed 1',
      'max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1, baseFee: 2',
    ],
    funds: [
      'insufficient funds for gas * price + value: balance 100, queued cost 90, tx cost 20, overshot 10',
      'insufficient funds for transfer',
    ],
    congested: [
      'txpool is full',
      'account limit exceeded: pooled 16 txs',
      'in-flight transaction limit reached for delegated accounts',
      'gapped-nonce tx from delegated accounts',
      'authority already reserved',
      'future transaction tries to replace pending',
      'tx fee (12.00 ether) exceeds the configured cap (1.00 ether)',
      'batch too large',
      'the method eth_sendRawTransaction does not exist/is not available',
    ],
    invalid: [
      'invalid sender: invalid chain id for signer: have 5 want 1',
      'intrinsic gas too low: gas 20000, minimum needed 21000',
      'transaction gas limit too high (cap: 16777216, tx: 20000000)',
      'exceeds block gas limit: tx gas 40000000, current limit 30000000',
      'max priority fee per gas higher than max fee per gas: address 0x0',
      'max fee per gas higher than 2^256-1',
      'transaction type not supported: type 3 rejected, pool not yet in Cancun',
      'rlp: value size exceeds available input length',
      'nonce has max value',
      'authority nonce too low',
    ],
    unclear: ['request timed out', 'method handler crashed', 'header not found'],
  },
  reth: {
    known: ["Transaction 0x11 was added to the mempool but wasn't confirmed within 30s."],
    underpriced: ['transaction priority fee below minimum required priority fee 1000000'],
    congested: ['tx fee (11 wei) exceeds the configured cap (10 wei)', 'address already reserved'],
    invalid: [
      'failed to decode signed transaction',
      'exceeds max transaction gas limit',
      'sender is not an EOA',
    ],
    unclear: ['internal eth error'],
  },
  nethermind: {
    known: ['call failed: AlreadyKnown'],
    nonce_used: ['call failed: OldNonce, Current nonce: 22, nonce of rejected tx: 17'],
    nonce_gap: ['NonceGap, Future nonce. Expected nonce: 10', 'nonce too far in future'],
    held_slot: ['call failed: OwnNonceAlreadyUsed', 'ReplacementNotAllowed'],
    underpriced: ['FeeTooLow, EffectivePriorityFeePerGas too low 10 < 20, BaseFee: 30', 'FeeTooLowToCompete'],
    funds: [
      'InsufficientFunds, Balance is 1092404690719251702 less than sending value + gas 7165512000464000000',
    ],
    congested: ['delegation nonce gap', 'pending transaction type conflict', 'node is syncing'],
    invalid: [
      'call failed: Invalid',
      'SenderIsContract',
      'GasLimitExceeded',
      'Int256Overflow',
      'transaction too large',
    ],
  },
  erigon: {
    known: ['INTERNAL_ERROR: existing txn with same hash', 'mined'],
    held_slot: ['INTERNAL_ERROR: could not replace existing tx', 'replaced by transaction with higher tip'],
    underpriced: ['INTERNAL_ERROR: fee too low', 'underpriced'],
    congested: [
      'pending sub-pool is full',
      'spammer',
      'EIP-7702 transaction with authority already reserved',
    ],
    invalid: ['RLPTooLong', 'IntrinsicGas', 'initcode too large', 'gas limit is too high'],
  },
  besu: {
    known: ['Known transaction'],
    nonce_gap: ['Transaction nonce is too distant from current sender nonce'],
    underpriced: ['Gas price below configured minimum gas price', 'Gas price below current base fee'],
    funds: ['Upfront cost exceeds account balance'],
    congested: [
      'Transaction fee cap exceeded',
      'An invalid transaction with a lower nonce exists',
      'Transaction pool not enabled. (Either txpool explicitly disabled, or node not yet in sync).',
    ],
    invalid: [
      'Wrong chainId',
      'Intrinsic gas exceeds gas limit',
      'Transaction gas limit exceeds block gas limit',
    ],
    unclear: ['Internal error', 'Timeout expired'],
  },
  anvil: {
    known: ['transaction already imported', 'Tx: [0x01] already Imported'],
    held_slot: ['Tx: [0x01] insufficient gas price to replace existing transaction'],
    funds: ['Insufficient funds for gas * price + value'],
    invalid: [
      'execution reverted: nonce too low',
      'Invalid input: `max_priority_fee_per_gas` greater than `max_fee_per_gas`',
    ],
  },
  hardhat: {
    nonce_used: ['Transaction nonce too low. Expected nonce to be at least 12 but got 7.'],
    underpriced: [
      'Transaction maxFeePerGas (10) is too low for the next block, which has a baseFeePerGas of 875000000',
    ],
    invalid: ['VM Exception while processing transaction: revert already known'],
  },
  openethereum: {
    known: ['Transaction with the same hash was already imported.'],
    held_slot: [
      'Transaction gas price 10wei is too low. There is another transaction with same nonce in the queue with gas price: 11wei. Try increasing the gas price or incrementing the nonce.',
    ],
    congested: [
      'There are too many transactions in the queue. Your transaction was dropped due to limit. Try increasing the fee.',
    ],
    invalid: ['Sender is banned in local queue.', 'Supplied gas is beyond limit.'],
  },
  rollups: {
    known: ['known transaction. transaction with hash 0x6013…3053 is already in the system'],
    nonce_used: ['invalid transaction nonce', 'nonce too low. allowed nonce range: 427 - 447, actual: 426'],
    underpriced: [
      'Assertion error: Fair pubdata price too high',
      'fee too low: 1, use at least tx.gasLimit = 2 and tx.gasPrice = 3',
    ],
    congested: ['sequencer pending tx pool full, please try again', 'tx dropped due to L2 congestion'],
    invalid: [
      'failed to add tx to the pool: not enough keccak counters to continue the execution',
      'Transaction line count for module ADD=402 is above the limit 70',
    ],
    unclear: ['sequencer temporarily not available'],
  },
  others: {
    known: ['tx already exists in cache', 'failed precheck with status DUPLICATE_TRANSACTION'],
    nonce_used: [
      'invalid nonce; got 5, expected 6: invalid sequence',
      'submit transaction to pool failed: Pool(InvalidTransaction(InvalidTransaction::Stale))',
    ],
    nonce_gap: ['unfulfilled nonce gap'],
    held_slot: [
      'An existing transaction had higher priority',
      'there is another tx which has the same nonce in the tx pool',
      'message from f410 with nonce 6209 already in mpool, increase GasPremium to 9 from 2 to trigger replace by fee: replace by fee has too low GasPremium',
    ],
    funds: ['Signer had insufficient balance', 'failed precheck with status INSUFFICIENT_PAYER_BALANCE'],
    unclear: ['Transaction execution returns a null value for transaction'],
  },
  gateways: {
    congested: [
      'Too Many Requests',
      'daily request count exceeded, request rate limited',
      'Unauthorized',
      'method is not whitelisted',
    ],
    unclear: [
      'call failed: 502 Bad Gateway: <html><head><title>502 Bad Gateway</title></head></html>',
      '408 Request Timeout: {"error":{"code":-32009,"message":"already known?"}}',
      'Your IP has been banned',
      'something entirely new happened',
      '',
    ],
  },
}

describe('the words of every client', () => {
  for (const [client, texts] of Object.entries(BY_CLIENT)) {
    for (const [expected, messages] of Object.entries(texts)) {
      test.each(messages)(`${client}: ${expected}: %s`, (message) => {
        // The most abused code there is: it must not matter.
        expect(classifyRpcError({ code: -32000, message, data: null })).toBe(expected)
      })
    }
  }
})

describe('what surrounds the words', () => {
  test.each([
    "failed to forward tx to sequencer, please try again. Error message: 'nonce too low'",
    'primary websocket (wss://ws.example/already-known) call failed: nonce too low',
    '[Request ID: 3ec591b4] Nonce too low. Provided nonce: 1, current nonce: 2',
    'RPC error response: RPC error: NONCE_TOO_LOW',
  ])('is taken off: %s', (message) => {
    expect(classifyRpcError({ code: -32603, message, data: null })).toBe('nonce_used')
  })

  test.each(['unknown transaction', 'internal error: Unknown transaction 0x01', 'transaction not found'])(
    'an unknown transaction is not a known one: %s',
    (message) => expect(classifyRpcError({ code: -32000, message, data: null })).toBe('unclear'),
  )

  test('the path of a URL is no word', () => {
    const message = 'post https://rpc.example/already-known/nonce-too-low: words of tomorrow'
    expect(classifyRpcError({ code: -32000, message, data: null })).toBe('unclear')
  })

  test('a verdict in `data` counts when the message says nothing', () => {
    const data = '{"code":-32000,"message":"nonce too low"}'
    expect(classifyRpcError({ code: -32603, message: 'Internal JSON-RPC error.', data })).toBe('nonce_used')
  })

  test('bytes in `data` are no words', () => {
    expect(classifyRpcError({ code: -32603, message: 'Internal error', data: '0x08c379a0' })).toBe('unclear')
  })

  test.each([
    [1000, 'known'],
    [1001, 'invalid'],
    [800, 'invalid'],
    [806, 'underpriced'],
    [809, 'funds'],
    [3, 'invalid'],
    [-38011, 'nonce_gap'],
    [-32601, 'congested'],
    [-32000, 'unclear'],
    [-32003, 'unclear'],
    [-32603, 'unclear'],
  ] as const)('a code that means one thing everywhere decides unknown text: %i is %s', (code, expected) => {
    expect(classifyRpcError({ code, message: 'words of tomorrow', data: null })).toBe(expected)
  })

  test('text beats code', () => {
    expect(classifyRpcError({ code: 1000, message: 'nonce too low', data: null })).toBe('nonce_used')
  })
})
