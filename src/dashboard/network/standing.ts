// How a chain or signer stands: named, colored and said in one sentence.

import type { Chain, Signer } from '../api/wire.ts'
import { reasonText, type Tone } from '../parts/status.ts'

export type Standing = { readonly name: string; readonly tone: Tone; readonly meaning: string }

export function standing(subject: Chain | Signer): Standing {
  const why =
    'status_reason' in subject && subject.status_reason ? ` (${reasonText(subject.status_reason)})` : ''
  switch (subject.status) {
    case 'following':
      return { name: 'Following', tone: 'green', meaning: 'its blocks are followed' }
    case 'idle':
      return { name: 'Idle', tone: 'neutral', meaning: 'nothing is on its way, so it is looked at rarely' }
    case 'ready':
      return { name: 'Ready', tone: 'green', meaning: 'signs what comes' }
    case 'paused':
      return { name: 'Paused', tone: 'amber', meaning: `signs nothing for now${why}` }
    case 'unavailable':
      return { name: 'Unavailable', tone: 'amber', meaning: 'does not answer right now' }
    case 'fenced':
      return { name: 'Fenced', tone: 'red', meaning: `stopped until an operator looked at it${why}` }
  }
}

export function isWell(subject: Chain | Signer): boolean {
  return subject.status === 'following' || subject.status === 'idle' || subject.status === 'ready'
}
