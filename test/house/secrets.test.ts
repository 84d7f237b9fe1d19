// Guarantee: what is committed tells nothing of the machine it was written on, and holds no key that is worth anything.

import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { expect, test } from 'vitest'
import { ROOT } from '../../scripts/dev/root.ts'
import { FILES, filesIn, placesOf, textOf } from './support/repository.ts'

/**
 * 32 bytes in hex may be a private key. Those that are none, or that the whole world knows, are told apart by the name of
 * what holds them or by their first bytes; anything else must be made at run time.
 */
const KNOWN_32_BYTES: Readonly<Record<string, string>> = {
  ac0974be: 'account 0 of Anvil and Hardhat',
  '59c6995e': 'account 1 of Anvil and Hardhat',
  '0ee0b23d': 'namespace of the storage of BatchExecutor',
  ddf252ad: 'topic of ERC-20 Transfer',
  c3d58168: 'topic of ERC-1155 TransferSingle',
  '4a39dc06': 'topic of ERC-1155 TransferBatch',
  '25f6a9e1': 'topic of BatchDone of BatchExecutor',
  '8f1c3c0d': 'hash in the examples of the API',
  '3f2a1b0c': 'digest in the examples of the API',
  ea60359e: 'digest in the output that README shows',
  d4a8f1fb: 'hash of a transaction that a test signs',
}

/** Logs of older versions: full of hashes and digests, which no list can name. */
const LOGS = 'test/support/corpus'

test('no file names a path of a machine', () => {
  expect(places(machinePaths())).toEqual([])
})

test('no file names a registry of packages: the lock file is good for any', () => {
  const hosts = [
    ...configuredRegistries(),
    ['\\bregistry', '[\\w-]+', '\\w'].join('\\.'),
    ['npmjs', 'org'].join('\\.'),
  ]
  expect(places(new RegExp(`(${hosts.join('|')})`, 'g'))).toEqual([])
  expect(placesOf('package-lock.json', /"resolved":.*/g)).toEqual([])
})

test('no file holds what may be a private key', () => {
  const found = places(/(?<![0-9a-zA-Z])(0x)?[0-9a-f]{64}(?![0-9a-z])/gi)
  const isKnown = (place: string) => {
    const [, hex = ''] = / (?:0x)?([0-9a-f]{64})$/i.exec(place) ?? []
    return Object.hasOwn(KNOWN_32_BYTES, hex.slice(0, 8))
  }
  const isOfLog = (place: string) => place.startsWith(`${LOGS}/`)
  expect(found.filter((place) => !isKnown(place) && !isOfLog(place)).map(withoutSecret)).toEqual([])
})

test('no log that is kept holds the key of an account that it names', () => {
  for (const file of filesIn([LOGS])) {
    const text = textOf(file)
    const accounts = new Set(
      [...text.matchAll(/0x[0-9a-f]{40}(?![0-9a-f])/gi)].map(([name]) => name.toLowerCase()),
    )
    for (const word of new Set(
      [...text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi)].map(([hex]) => hex),
    )) {
      expect(accounts.has(addressOf(`0x${word}`)), file).toBe(false)
    }
  }
})

test('no file holds a key in another form, or a key of the API', () => {
  const pem = new RegExp(['-----BEGIN', '[A-Z ]*PRIVATE', 'KEY'].join(' ?'), 'g')
  // As lib/base32 writes them: 16 characters of id and 52 of secret are the real lengths; shorter ones are examples.
  const apiKey = /\bwb_[a-z0-9-]+_[a-z2-7]{10,}_[a-z2-7]{40,}/g
  expect([...places(pem), ...places(apiKey)].map(withoutSecret)).toEqual([])
})

/** Empty: these bytes are no key at all. */
function addressOf(key: `0x${string}`): string {
  try {
    return privateKeyToAddress(key).toLowerCase()
  } catch {
    return ''
  }
}

function places(pattern: RegExp): readonly string[] {
  return FILES.flatMap((file) => placesOf(file, pattern, textOf(file)))
}

/** Built here, so that this file names none of them. */
function machinePaths(): RegExp {
  const slashed = (...parts: readonly string[]) => `/${parts.join('/')}/`
  const homes = [slashed('home', '[\\w.-]+'), slashed('Users', '[\\w.-]+'), slashed('root')]
  const own = [dirname(ROOT), tmpdir(), slashed('tmp').slice(0, -1)]
    .filter((path) => path !== '/')
    .map((path) => `${RegExp.escape(path)}/`)
  return new RegExp(`(?<![\\w./-])(${[...homes, ...own].join('|')})`, 'g')
}

/** Hosts that npm is told to ask here. This machine itself is named in every page that says how to run Waybill. */
function configuredRegistries(): readonly string[] {
  return Object.entries(process.env)
    .filter(([name, value]) => /^npm_config_.*registry$/i.test(name) && URL.canParse(value ?? ''))
    .map(([, value = '']) => new URL(value))
    .filter(({ hostname }) => hostname !== 'localhost' && hostname !== '127.0.0.1')
    .map(({ host }) => RegExp.escape(host))
}

/** A failing test must not print it. */
function withoutSecret(place: string): string {
  return place.split(' ')[0] ?? place
}
