// A place where one object lives: its storage, its alarm, its output gate, and at most one engine in memory. The engine is
// made when something arrives, and lost when the object crashes; then only the storage knows what was.

import type { DatabaseSync } from 'node:sqlite'
import { InvariantError } from '../../src/shared/lib/assert.ts'
import { type UnixMs, unixMs } from '../../src/shared/lib/time.ts'
import type { Stream } from './chance.ts'
import type { Moment } from './crash-points.ts'
import { LostCall, latencyOf, type Party, type Stage } from './stage.ts'
import { SimStorage } from './storage.ts'

/** Milliseconds after which the platform calls an alarm again whose handler died. */
const ALARM_AGAIN_MS = 2_000
/** Turns of a life in which it still recovers from the crash before. */
const RECOVERING_TURNS = 3
/** Milliseconds by which two actors may disagree about the time, to either side. */
const SKEW_MOST_MS = 60_000

export type Woken = { wake(source: 'alarm'): Promise<void> }
/** An answer under way: `fail` tells the caller that there will be none. */
type Invocation = { readonly fail: (reason: string) => void }

export class Host<Engine extends Woken> implements Party {
  readonly name: string
  readonly actor: string
  readonly storage = new SimStorage()
  readonly stage: Stage
  life = 0
  readonly #build: (host: Host<Engine>) => Engine
  readonly #latency: Stream
  #engine: Engine | null = null
  #turns = 0
  #label = ''
  #isInTurn = false
  #held: (() => void)[] = []
  readonly #open = new Set<Invocation>()
  #background = 0
  #skewMs = 0
  #alarmToken = 0
  #isAlarmRunning = false
  /** The platform lost it: somebody else has to find out. */
  isAlarmLost = false
  onCommit: (() => void) | null = null
  onDeath: ((isEviction: boolean) => void) | null = null
  /** Whether losing the alarm now leaves anybody who could find out. */
  mayLoseAlarm: () => boolean = () => true

  constructor(stage: Stage, actor: string, name: string, build: (host: Host<Engine>) => Engine) {
    this.stage = stage
    this.actor = actor
    this.name = name
    this.#build = build
    this.#latency = stage.chance.stream(`latency ${actor}`)
    this.#drawSkew()
  }

  /** What this object takes for the time. */
  now(): UnixMs {
    return unixMs(this.stage.scheduler.now + this.#skewMs)
  }

  /** In memory; null: it sleeps. */
  get awake(): Engine | null {
    return this.#engine
  }

  get isIdle(): boolean {
    return this.#open.size === 0 && this.#background === 0 && !this.#isAlarmRunning
  }

  get isAlarmRunning(): boolean {
    return this.#isAlarmRunning
  }

  emit(message: () => void): void {
    if (this.storage.isDirty) this.#held.push(message)
    else message()
  }

  hear(delayMs: number, label: string, life: number, work: () => void): void {
    const run = () => {
      if (this.life !== life) return
      this.#begin(label)
      if (!this.#strikes('awaiting')) work()
      else this.die('crash')
    }
    this.stage.scheduler.after(delayMs, `${this.name} ${label}`, run, () => this.#end())
  }

  /** A call by somebody else. `work` runs in a turn of this object; its answer passes the output gate. */
  call<T>(caller: Party, method: string, work: (engine: Engine) => T | Promise<T>): Promise<T> {
    const { faults } = this.stage
    const { life } = caller
    return new Promise<T>((resolve, reject) => {
      let isAnswered = false
      const answer = (settle: () => void) => {
        if (isAnswered) return
        isAnswered = true
        caller.hear(latencyOf(this.#latency), `< ${method}`, life, settle)
      }
      const fail = (reason: string) => answer(() => reject(new LostCall(`${method}: ${reason}`)))
      caller.emit(() => {
        if (faults.strikes('call_lost')) return fail('the call was lost')
        const isHeard = !faults.strikes('reply_lost')
        const deliver = () =>
          this.#receive(caller, method, work, {
            good: (value) => (isHeard ? answer(() => resolve(value)) : fail('the answer was lost')),
            bad: (error) => answer(() => reject(error)),
            fail,
          })
        deliver()
        if (faults.strikes('call_doubled')) deliver()
      })
    })
  }

  #receive<T>(
    caller: Party,
    method: string,
    work: (engine: Engine) => T | Promise<T>,
    reply: {
      readonly good: (value: T) => void
      readonly bad: (error: unknown) => void
      readonly fail: (reason: string) => void
    },
  ): void {
    let isDone = false
    let isWaitedFor = false
    const done = () => {
      isDone = true
      if (isWaitedFor) this.stage.waits.end(caller.name, this.name)
      isWaitedFor = false
    }
    const invocation: Invocation = {
      fail: (reason) => {
        done()
        reply.fail(reason)
      },
    }
    const finish = (send: () => void) => {
      this.emit(() => {
        this.#open.delete(invocation)
        done()
        send()
      })
    }
    const run = () => {
      this.#begin(method)
      this.#open.add(invocation)
      const { life } = this
      this.#attempt(() => work(this.#living())).then(
        (value) => this.life === life && finish(() => reply.good(value)),
        (error: unknown) => this.life === life && finish(() => reply.bad(this.told(error))),
      )
    }
    this.stage.scheduler.after(latencyOf(this.#latency), `${this.name} ${method}`, run, () => {
      this.#end()
      if (isDone) return
      isWaitedFor = true
      this.stage.waits.begin(caller.name, this.name)
    })
  }

  async #attempt<T>(work: () => T | Promise<T>): Promise<T> {
    return work()
  }

  /** Work that goes on after the answer. */
  background(work: Promise<void>): void {
    const { life } = this
    this.#background += 1
    const over = () => {
      if (this.life === life) this.#background -= 1
    }
    work.then(over, (error: unknown) => {
      over()
      this.told(error)
    })
  }

  /** Milliseconds of this object's own waiting; over when it dies. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.hear(ms, 'waited', this.life, resolve))
  }

  /** An error of ours is a breach; that a call was lost is the world's. */
  told(error: unknown): unknown {
    const isExpected = error instanceof LostCall
    if (!isExpected) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      const at = error instanceof InvariantError ? (error.stack?.split('\n')[2]?.trim() ?? '') : ''
      this.stage.violations.breach(
        'assertion',
        `${this.stage.alias(this.name)} ${this.#label}: ${words} ${at}`,
      )
    }
    return error
  }

  /** All that is in memory is gone, with what the gate still held. */
  die(reason: 'crash' | 'eviction'): void {
    if (this.#engine === null && this.#open.size === 0) return
    this.stage.note?.(`      ${this.stage.alias(this.name)} dies: ${reason} (${this.#label})`)
    this.storage.rollback()
    this.#engine = null
    this.life += 1
    this.#turns = 0
    this.#held = []
    this.#background = 0
    const open = [...this.#open]
    this.#open.clear()
    for (const invocation of open) invocation.fail('the object died')
    this.#drawSkew()
    if (this.#isAlarmRunning) this.storage.restoreAlarm(this.now() + ALARM_AGAIN_MS)
    this.#isAlarmRunning = false
    this.#rearm()
    this.onDeath?.(reason === 'eviction')
  }

  /** The host goes down, and its storage is not what it was when it comes back. */
  comeBackWith<T>(change: (database: DatabaseSync) => T): T {
    this.die('crash')
    this.storage.rollback()
    return this.storage.tamper(change)
  }

  /** A storage that was put back has an alarm that has passed by. */
  ringSoon(): void {
    this.storage.restoreAlarm(this.now() + ALARM_AGAIN_MS)
    this.#rearm()
  }

  #living(): Engine {
    this.#engine ??= this.#build(this)
    return this.#engine
  }

  #begin(label: string): void {
    this.#label = label
    this.#turns += 1
    this.#isInTurn = true
  }

  #end(): void {
    if (!this.#isInTurn) return
    this.#isInTurn = false
    if (this.#engine === null) {
      this.storage.rollback()
      this.#held = []
    } else if (!this.#survives()) this.die('crash')
  }

  /** Commit, then what the gate held. False: it crashes on the way. */
  #survives(): boolean {
    if (this.storage.isDirty) {
      if (this.#strikes('before_commit')) return false
      this.#commit()
      if (this.#strikes('after_commit')) return false
    }
    const held = this.#held
    this.#held = []
    for (const message of held) message()
    return !this.#strikes('after_send')
  }

  #commit(): void {
    const before = this.storage.alarm
    this.storage.commit()
    if (this.storage.alarm !== null) this.isAlarmLost = false
    if (this.storage.alarm !== before) this.#rearm()
    this.onCommit?.()
  }

  #strikes(moment: Moment): boolean {
    const isRecovering = this.life > 0 && this.#turns <= RECOVERING_TURNS
    return this.stage.crashes.strikes({ actor: this.actor, label: this.#label, moment, isRecovering })
  }

  #rearm(): void {
    const { alarm } = this.storage
    this.#alarmToken += 1
    if (alarm === null) return
    this.#alarmAfter(alarm - this.now(), this.#alarmToken)
  }

  #alarmAfter(delayMs: number, token: number): void {
    const run = () => {
      if (token === this.#alarmToken) this.#fire(token)
    }
    this.stage.scheduler.after(delayMs, `${this.name} alarm`, run, () => this.#end())
  }

  #fire(token: number): void {
    const { faults } = this.stage
    if (this.mayLoseAlarm() && faults.strikes('alarm_lost')) {
      this.storage.takeAlarm()
      this.isAlarmLost = true
      return
    }
    if (faults.strikes('alarm_late')) {
      this.#alarmAfter(faults.stream('alarm_late').between(1_000, 60_000), token)
      return
    }
    this.#alarmToken += 1
    this.storage.takeAlarm()
    this.#ring()
    if (faults.strikes('alarm_repeated')) {
      const again = faults.stream('alarm_repeated').between(0, 3_000)
      this.stage.scheduler.after(
        again,
        `${this.name} alarm again`,
        () => this.#ring(),
        () => this.#end(),
      )
    }
  }

  #ring(): void {
    this.#begin('alarm')
    this.#isAlarmRunning = true
    const { life } = this
    // Done when what it wrote is committed: until then the platform would call it again.
    const over = () => {
      if (this.life !== life) return
      this.emit(() => {
        this.#isAlarmRunning = false
      })
    }
    this.#attempt(() => this.#living().wake('alarm')).then(over, (error: unknown) => {
      over()
      if (this.life === life) this.told(error)
    })
  }

  #drawSkew(): void {
    const { faults } = this.stage
    this.#skewMs = faults.strikes('clock_skew')
      ? faults.stream('clock_skew').between(-SKEW_MOST_MS, SKEW_MOST_MS)
      : 0
  }
}
