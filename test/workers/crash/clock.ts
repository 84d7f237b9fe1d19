// The time that objects read. A test that brings an alarm does not wait for it: it puts the clock forward to when it is due.

const realNow = Date.now.bind(Date)
let aheadMs = 0

Date.now = () => realNow() + aheadMs

/** Milliseconds since the epoch. It never goes back. */
export function putForwardTo(time: number): void {
  aheadMs = Math.max(aheadMs, time - realNow())
}
