// The plain client: viem with one key, as its documentation has it. It keeps nothing, so a crash loses or doubles what was
// under way; and a receipt is all that it waits for, not finality.

import { createPublicClient, createWalletClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { createNonceManager, jsonRpc } from 'viem/nonce'
import { rpc } from '../../scripts/dev/rpc.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { ownCpuMs } from './cpu.ts'
import { blockNumber, gasPaid } from './gas.ts'
import { inLanes, type Measured, recipient } from './measured.ts'

/** Milliseconds. viem's own default is made for blocks of 12 s; these take one. */
const POLL_MS = 250
/** Wei: 1,000 ether. */
const FUNDS = 10n ** 21n
const AMOUNT = 1_000n
const SECOND_MS = 1_000

/** `atOnce`: transfers that are under way at the same time; nonces are the client's own then. */
export async function measureViem(
  rpcUrl: string,
  transfers: number,
  atOnce: number,
  signal: AbortSignal,
): Promise<Measured> {
  const options = { chain: foundry, transport: http(rpcUrl), pollingInterval: POLL_MS }
  // One of its own: the shared one remembers nonces of another chain.
  const nonceManager = createNonceManager({ source: jsonRpc() })
  const account = privateKeyToAccount(generatePrivateKey(), { nonceManager })
  await rpc(rpcUrl, 'anvil_setBalance', [account.address, `0x${FUNDS.toString(16)}`])
  const reader = createPublicClient(options)
  const wallet = createWalletClient({ ...options, account })
  const since = await blockNumber(rpcUrl)
  const cpuBefore = ownCpuMs()
  const startedAt = performance.now()
  const numbers = Array.from({ length: transfers }, (_, index) => index)
  await inLanes(atOnce, numbers, async (number) => {
    signal.throwIfAborted()
    const hash = await wallet.sendTransaction({ to: recipient(number), value: AMOUNT })
    const { status } = await reader.waitForTransactionReceipt({ hash })
    assert(status === 'success', `${hash} failed`)
  })
  const elapsedMs = performance.now() - startedAt
  const cpuMs = ownCpuMs() - cpuBefore
  return {
    perSecond: (transfers * SECOND_MS) / elapsedMs,
    // A receipt is all that it waits for.
    minedPerSecond: (transfers * SECOND_MS) / elapsedMs,
    gas: (await gasPaid(rpcUrl, [account.address], since)) / transfers,
    clientCpuMs: cpuMs / transfers,
    serverCpuMs: null,
  }
}
