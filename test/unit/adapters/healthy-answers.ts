// What a healthy endpoint says to every question of the port: each test breaks one of the answers.

import { address, blockHash, txHash, word } from './chain-values.ts'
import type { Asked, ItemAnswer } from './rpc-server.ts'

export const HASH = txHash('ab')
export const OTHER_HASH = txHash('cd')
export const BLOCK = { number: 16, hash: blockHash('0e') }
export const OWNER = address('f3')
export const TOKEN = address('cc')

export function healthy({ method, params }: Asked): ItemAnswer {
  if (method === 'eth_getBlockByNumber' || method === 'eth_getBlockByHash') {
    return { result: params[0] === 'finalized' ? { ...rawBlock, number: '0x1' } : rawBlock }
  }
  if (method === 'eth_getBlockReceipts') return { result: [rawReceipt] }
  if (method === 'eth_getTransactionReceipt') return { result: rawReceipt }
  if (method === 'eth_feeHistory') return { result: { baseFeePerGas: ['0x1', '0x64'], reward: [['0x7']] } }
  if (method === 'eth_call') return { result: word('9') }
  if (method === 'eth_getCode') return { result: '0x' }
  return { result: '0x5208' }
}

export const rawTransaction = {
  hash: HASH.toUpperCase().replace('0X', '0x'),
  from: OWNER.toUpperCase().replace('0X', '0x'),
  nonce: '0x7',
  to: null,
  value: '0x0a',
}
export const rawBlock = {
  number: '0x10',
  hash: BLOCK.hash,
  parentHash: blockHash('0d'),
  timestamp: '0x65',
  baseFeePerGas: '0x64',
  gasLimit: '0x2255100',
  gasUsed: '0x5208',
  transactions: [rawTransaction],
}
export const rawReceipt = {
  transactionHash: HASH,
  blockNumber: '0x10',
  blockHash: BLOCK.hash,
  status: '0x1',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x64',
  to: TOKEN,
  logs: [],
}
