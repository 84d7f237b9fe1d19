// One history: a world from a seed, its faults, and what came of it. The same options give the same history, event by event.

import type { Bias } from './bias.ts'
import { Calamities } from './calamities.ts'
import { Chance } from './chance.ts'
import { ChosenCrashes, type CrashPoint, RandomCrashes } from './crash-points.ts'
import { type FaultClass, type FaultName, type FaultPlan, Faults } from './faults.ts'
import { checkQuiet, unrest } from './invariants/final-checks.ts'
import { planHistory } from './plan.ts'
import type { ReadModel } from './read-model.ts'
import { BEGINNING, Scheduler } from './scheduler.ts'
import type { Stage } from './stage.ts'
import { type Invariant, type Violation, Violations } from './violations.ts'
import { Waits } from './waits.ts'
import { World } from './world.ts'

/** Events in which everything must come to its end after the last fault. */
export const LIVENESS_EVENTS = 8_000
/** What others do not bring goes again only when its time is over, some minutes later. */
const CARRIED_LIVENESS_EVENTS = 12_000
/** Milliseconds between looks whether all is quiet, and between whims of the runtime. */
const LOOK_MS = 1_000
const WHIM_MS = 700
/** Looks, far apart, that find calm but messages under way. */
const CALM_LOOKS_MOST = 3

export type HistoryOptions = {
  readonly seed: number
  readonly faults: FaultPlan
  readonly bias: Bias
  /** How many transfers; null: as the seed says. */
  readonly transfers: number | null
  /** Only these of them. */
  readonly only: ReadonlySet<number> | null
  /** Numbers of the crash points to strike; null: by chance. */
  readonly crashes: readonly number[] | null
  readonly isTold: boolean
}

export type HistoryResult = {
  readonly seed: number
  readonly violation: Violation | null
  readonly events: number
  readonly digest: string
  readonly transfers: number
  readonly faults: readonly FaultName[]
  readonly counts: ReadonlyMap<FaultClass, number>
  readonly checks: ReadonlyMap<Invariant, number>
  /** All that were reached, of a history with chosen crashes. */
  readonly crashPoints: readonly CrashPoint[]
  /** Names of those that were struck by chance. */
  readonly crashesStruck: ReadonlySet<string>
  /** What happened, line by line, when it was to be told. */
  readonly lines: readonly string[]
}

export async function runHistory(options: HistoryOptions, readModel: ReadModel): Promise<HistoryResult> {
  const scheduler = new Scheduler()
  const chance = new Chance(options.seed)
  const faults = new Faults(options.faults, chance, options.bias)
  const violations = new Violations()
  const random = new RandomCrashes(faults)
  const chosen = options.crashes === null ? null : new ChosenCrashes(options.crashes)
  const lines: string[] = []
  const aliases = new Map<string, string>()
  const note = options.isTold ? (line: string) => void lines.push(line) : null
  const stage: Stage = {
    scheduler,
    chance,
    faults,
    violations,
    waits: new Waits(violations),
    crashes: chosen ?? random,
    note,
    alias: (name) => aliases.get(name) ?? name,
  }
  const plan = planHistory(chance, options)
  const world = new World(stage, plan, readModel)
  for (const { id, plan: transfer } of world.clients) aliases.set(id, `t${transfer.index}`)
  if (note !== null) tellEvents(stage, note, aliases)
  world.begin()
  await new Course(world).run()
  world.close()
  return {
    seed: options.seed,
    violation: violations.first,
    events: scheduler.events,
    digest: scheduler.digest,
    transfers: plan.transfers.length,
    faults: faults.happened,
    counts: faults.counts,
    checks: violations.checks,
    crashPoints: chosen?.reached ?? [],
    crashesStruck: random.reached,
    lines,
  }
}

function tellEvents(
  { scheduler, faults }: Stage,
  note: (line: string) => void,
  aliases: ReadonlyMap<string, string>,
) {
  scheduler.onEvent = (at, label) => {
    const [first = '', ...rest] = label.split(' ')
    note(
      `${((at - BEGINNING) / 1_000).toFixed(3).padStart(10)} ${[aliases.get(first) ?? first, ...rest].join(' ')}`,
    )
  }
  faults.onFault = (name) => note(`      fault ${name}`)
}

/** From the first event until all is quiet for good. */
class Course {
  readonly #world: World
  readonly #endsAt: number
  readonly #calamities: Calamities
  #isQuiet = false
  #calmLooks = 0
  /** What was still to be done at the last look. */
  #left: string | null = null
  #eventsLeft = Number.POSITIVE_INFINITY

  constructor(world: World) {
    this.#world = world
    this.#calamities = new Calamities(world)
    this.#endsAt = BEGINNING + world.stage.chance.stream('course').between(40_000, 120_000)
  }

  async run(): Promise<void> {
    const { scheduler, violations } = this.#world.stage
    this.#look()
    this.#whim()
    while (violations.first === null && !this.#isQuiet && (await scheduler.step())) {
      this.#eventsLeft -= 1
      if (this.#eventsLeft < 0) this.#stuck()
      if (scheduler.now >= this.#endsAt && !this.#world.stage.faults.isOver) this.#calm()
    }
    if (violations.first === null) checkQuiet(this.#world)
  }

  #calm(): void {
    const { stage, chain, plan, network } = this.#world
    stage.faults.isOver = true
    this.#eventsLeft = plan.carriers.length > 0 ? CARRIED_LIVENESS_EVENTS : LIVENESS_EVENTS
    for (const account of [...plan.accounts, ...plan.carriers]) chain.head.ledger.pay(account, plan.lateFunds)
    network.keepMining()
    this.#calamities.lookAtAll()
    stage.note?.('      the faults are over')
  }

  #look(): void {
    const { stage, submissions, events, network } = this.#world
    stage.scheduler.after(LOOK_MS, 'look', () => {
      // Somebody may have begun to wait since the last block.
      if (this.#world.isWaitingForBlocks) network.keepMining()
      const isCalm = stage.faults.isOver && this.#isCalm()
      // What is fenced goes on to say so, for ever: then nothing is waited for but what was late already.
      const isEmpty =
        (submissions.isEmpty && events.isEmpty) ||
        (this.#isSomethingStruck && this.#calmLooks > CALM_LOOKS_MOST)
      this.#calmLooks += isCalm ? 1 : 0
      this.#isQuiet = isCalm && isEmpty
      if (!this.#isQuiet) this.#lookAgain(isCalm)
    })
  }

  #isCalm(): boolean {
    const left = unrest(this.#world).join('; ')
    if (left !== this.#left) this.#world.stage.note?.(`      left to do: ${left === '' ? 'nothing' : left}`)
    this.#left = left
    return left === ''
  }

  get #isSomethingStruck(): boolean {
    const { hosts, auditor } = this.#world
    return hosts.some(({ name }) => auditor.strikes.of(name) !== null)
  }

  /** Quiet but for what is late: those messages still have to find that they are too late. */
  #lookAgain(isCalm: boolean): void {
    const { scheduler } = this.#world.stage
    if (isCalm)
      scheduler.after((this.#isSomethingStruck ? 60 : 600) * LOOK_MS, 'look later', () => this.#look())
    else this.#look()
  }

  /** What the runtime does of itself: evictions, and now and then it is killed. */
  #whim(): void {
    const { stage } = this.#world
    stage.scheduler.after(WHIM_MS, 'whim', () => {
      if (stage.faults.isOver) return
      if (stage.faults.strikes('crash_runtime')) this.#crashAll()
      for (const host of this.#world.hosts) {
        if (host.isIdle && stage.faults.strikes('eviction')) host.die('eviction')
        this.#calamities.befall(host)
      }
      this.#whim()
    })
  }

  #crashAll(): void {
    const { stage, hosts, submissions, events } = this.#world
    stage.note?.('      the runtime is killed')
    for (const host of hosts) host.die('crash')
    submissions.crash()
    events.crash()
  }

  #stuck(): void {
    const { violations } = this.#world.stage
    const what = unrest(this.#world)
    violations.breach('liveness', what.length === 0 ? 'late messages never end' : what.join('; '))
  }
}
