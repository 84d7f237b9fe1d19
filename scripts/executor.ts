// `npm run executor -- address`: where the executor is on every chain, and the hash of the code that makes it.
// `npm run executor -- deploy --rpc URL`: puts it there. Who pays is the account of the key in DEPLOYER_KEY; it gets no right
// to anything. Neither the key nor the URL, which may hold a token, is shown. See docs/configuration.md.

import { parseArgs } from 'node:util'
import { BaseError, createPublicClient, createWalletClient, formatEther, http } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { type DeployTransaction, deployExecutor, type ExecutorCode, executorCode } from './dev/executor.ts'

const KEY_NAME = 'DEPLOYER_KEY'
/** Milliseconds between two looks for the receipt, and for how long. */
const RECEIPT_CHECK_MS = 1_000
const RECEIPT_WITHIN_MS = 300_000

const USAGE = `usage: npm run executor -- address
       ${KEY_NAME}=0x… npm run executor -- deploy --rpc URL`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { rpc: { type: 'string' } },
  })
  const [command] = positionals
  if (positionals.length !== 1) return fail(USAGE)
  if (command === 'address' && values.rpc === undefined) return tell(await executorCode())
  if (command !== 'deploy' || values.rpc === undefined || !URL.canParse(values.rpc)) return fail(USAGE)
  const account = accountOf(process.env[KEY_NAME])
  if (account === null) return fail(`${KEY_NAME} is not a private key: 0x and 64 hex digits`)
  await deploy(values.rpc, account)
}

function tell({ address, initCodeHash }: ExecutorCode): void {
  console.log(`address         ${address}\ninit code hash  ${initCodeHash}`)
}

async function deploy(rpcUrl: string, account: PrivateKeyAccount): Promise<void> {
  const code = await executorCode()
  const client = createPublicClient({ transport: http(rpcUrl), pollingInterval: RECEIPT_CHECK_MS })
  const wallet = createWalletClient({ account, transport: http(rpcUrl) })
  console.log(`chain           eip155:${await client.getChainId()}`)
  const send = async (transaction: DeployTransaction) => {
    const balance = await client.getBalance({ address: account.address })
    console.log(`paid by         ${account.address}, which has ${formatEther(balance)}`)
    const hash = await wallet.sendTransaction({ chain: null, ...transaction })
    console.log(`transaction     ${hash}`)
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: RECEIPT_WITHIN_MS })
    if (receipt.status !== 'success') throw new Error('the transaction failed')
    console.log(`gas used        ${receipt.gasUsed}`)
  }
  const isNew = await deployExecutor(client, code, send)
  tell(code)
  console.log(isNew ? 'the executor is there now' : 'the executor was there already: nothing was sent')
}

/** Null: not a key. What was given is in no error. */
function accountOf(key: string | undefined): PrivateKeyAccount | null {
  if (key === undefined || !isPrivateKey(key)) return null
  try {
    return privateKeyToAccount(key)
  } catch {
    return null
  }
}

function isPrivateKey(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{64}$/.test(text)
}

function fail(words: string): void {
  console.error(words)
  process.exitCode = 2
}

try {
  await main()
} catch (error) {
  // The whole message would hold the URL.
  const words = error instanceof BaseError ? [error.shortMessage, error.details].join(' ') : String(error)
  console.error(words)
  process.exitCode = 1
}
