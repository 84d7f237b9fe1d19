// One thread of a crew: runs the histories that it is sent, one after the other.

import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { loadSimulator, readMigrations } from './bundle.ts'
import type { HistoryOptions } from './history.ts'
import { mutantNamed } from './mutants/all.ts'

const port = assertDefined(parentPort, 'a crew member is a thread')
const mutant: string | null = workerData
const simulator = await loadSimulator(mutant === null ? null : mutantNamed(mutant))
const explorer = new simulator.Explorer(readMigrations())
port.on('message', async (options: HistoryOptions) => port.postMessage(await explorer.run(options)))
