// Guarantee (src/shared/pool/SPEC.md, L5): the members of a pool are asked in one round for all transfers of a moment, and
// what does not answer keeps nobody waiting.

import { expect, test } from 'vitest'
import type { Address } from '../../../src/shared/chain/address.ts'
import { addMs, type UnixMs } from '../../../src/shared/lib/time.ts'
import type { SignerLoad } from '../../../src/shared/signer/load.ts'
import {
  chooseSigners,
  type PoolDeps,
  PoolStandings,
  type Unbound,
} from '../../../src/workers/queues/pool-choice.ts'
import {
  addressOf,
  CHAIN,
  poolOf,
  START,
  TENANT,
  tenantIdOf,
  transferIdOf,
} from '../../support/domain-values.ts'

const MEMBERS = [addressOf(0xa1), addressOf(0xa2), addressOf(0xa3)]
const READY: SignerLoad = { status: 'ready', steps: 0, window: 16, funds: 1_000_000n }
const POOL = { tenant: TENANT, chain: CHAIN, pool: poolOf('payroll') }

const wishes = (count: number, pool = POOL): readonly Unbound[] =>
  Array.from({ length: count }, (_, number) => ({
    transfer: transferIdOf(number),
    action: { type: 'native', to: addressOf(0xb), amount: 10n },
    visibility: 'public',
    pool,
  }))

class World {
  now: UnixMs = START
  readonly asked: Address[] = []
  readonly told: string[] = []
  members: () => Promise<readonly Address[]> = async () => MEMBERS
  load: (address: Address) => Promise<SignerLoad> = async () => READY
  readonly standings = new PoolStandings()

  get deps(): PoolDeps {
    return {
      now: () => this.now,
      standings: this.standings,
      members: () => this.members(),
      visibilityFor: () => 'public',
      load: ({ address }) => {
        this.asked.push(address)
        return this.load(address)
      },
      log: (_level, event) => this.told.push(event),
    }
  }
}

function shares(choices: ReadonlyMap<unknown, Address>): readonly number[] {
  return MEMBERS.map((member) => [...choices.values()].filter((one) => one === member).length)
}

test('a hundred transfers at once cost one round, and are spread over all members', async () => {
  const world = new World()
  expect(shares(await chooseSigners(wishes(99), world.deps))).toEqual([33, 33, 33])
  expect(world.asked).toEqual(MEMBERS)
})

test('the round is good for a moment, with what was chosen since counted in; then they are asked again', async () => {
  const world = new World()
  await chooseSigners(wishes(1), world.deps)
  const next = await chooseSigners(wishes(2), world.deps)
  expect(shares(next).filter((share) => share > 0)).toEqual([1, 1])
  expect(world.asked).toHaveLength(3)
  world.now = addMs(world.now, 1_000)
  await chooseSigners(wishes(1), world.deps)
  expect(world.asked).toHaveLength(6)
})

test('a member that does not answer is passed over, and it is said', async () => {
  const world = new World()
  world.load = async (address) => {
    if (address === MEMBERS[0]) throw new Error('no answer')
    return READY
  }
  expect(shares(await chooseSigners(wishes(10), world.deps))).toEqual([0, 5, 5])
  expect(world.told).toEqual(['pool.member_silent'])
})

test('where nobody can take them, or the pool cannot be read, none is chosen', async () => {
  const world = new World()
  world.load = async () => ({ ...READY, status: 'fenced' })
  expect((await chooseSigners(wishes(2), world.deps)).size).toBe(0)
  world.now = addMs(world.now, 1_000)
  world.members = async () => []
  expect((await chooseSigners(wishes(1), world.deps)).size).toBe(0)
  world.now = addMs(world.now, 1_000)
  world.members = () => Promise.reject(new Error('no database'))
  expect((await chooseSigners(wishes(1), world.deps)).size).toBe(0)
  expect(world.told).toEqual(['pool.nobody', 'pool.nobody', 'pool.nobody', 'pool.not_read'])
})

test('the same name of another tenant is another pool', async () => {
  const world = new World()
  await chooseSigners(wishes(1), world.deps)
  await chooseSigners(wishes(1, { ...POOL, tenant: tenantIdOf('other') }), world.deps)
  expect(world.asked).toHaveLength(6)
})
