import { readdirSync, readFileSync } from 'node:fs'
import { WaybillStack } from './submit/waybill-stack.ts'

const count = Number(process.argv[2] ?? 300),
  roundsN = Number(process.argv[3] ?? 2)
const abort = new AbortController()
const stack = await WaybillStack.start({
  signers: Number(process.argv[4] ?? 1),
  delegateFrom: process.argv[4] ? null : undefined,
  signal: abort.signal,
})
function snap() {
  const out: Record<string, number> = {}
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const cwd = readFileSync(`/proc/${pid}/environ`, 'utf8')
      const comm = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
      const cmd = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 90)
      if (!/workerd|node|anvil/i.test(comm) && !/node/.test(cmd)) continue
      out[`${pid} ${comm} ${cmd}`] = (Number(f[11]) + Number(f[12])) * 10
    } catch {}
  }
  return out
}
try {
  await stack.measure(100)
  for (let i = 0; i < roundsN; i++) {
    const a = snap()
    const m = await stack.measure(count)
    const b = snap()
    console.log(
      `mined/s ${m.minedPerSecond.toFixed(1)} final/s ${m.perSecond.toFixed(1)} server ${m.serverCpuMs?.toFixed(2)} client ${m.clientCpuMs.toFixed(2)}`,
    )
    if (process.argv[5])
      for (const k in b) {
        const d = (b[k]! - (a[k] ?? 0)) / count
        if (d > 0.3) console.log('   ', d.toFixed(2), k)
      }
  }
} finally {
  await stack.stop()
}
process.exit(0)
