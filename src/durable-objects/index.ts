// The classes that the platform must find in the main module.

export { ChainObject } from './chain/chain-object.ts'
export { SignerObject } from './signer/signer-object.ts'
export { TransferObject } from './transfer/transfer-object.ts'
