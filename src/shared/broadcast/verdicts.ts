// What nodes say when they refuse a transaction, and which class each text is. Data, no logic.
// The order is the meaning: the first row that matches wins. A text is plain lower-case words here (classify.ts).
// Where two readings are possible, the row that asks a question stands above the row that claims success.

import type { BroadcastClass } from './outcome.ts'

export type Verdict = { readonly class: BroadcastClass; readonly patterns: readonly RegExp[] }

export const VERDICTS: readonly Verdict[] = [
  {
    // A node that runs a transaction before it takes it (Arbitrum, Hardhat, Anvil, OpenEthereum `VM execution
    // error`). First, because the reason of a revert is the contract's own text and may spell anything.
    // zkSync's `Validation revert:` is a wrapper around a verdict, hence the word `reverted`.
    class: 'invalid',
    patterns: [/\breverted\b/, /\bvm exception while processing\b/, /\bvm execution error\b/],
  },
  {
    // geth, reth and Anvil in their *Sync form: taken, only not mined while the call waited.
    class: 'known',
    patterns: [/\bwas added to the (?:mem ?pool|tx ?pool|transaction pool)\b/],
  },
  {
    // Nobody's verdict: a proxy or the node itself gave up half-way, so the bytes may be anywhere.
    // Above the claims below, because such a page may quote one of them.
    class: 'unclear',
    patterns: [
      /\btimed? ?out\b|\bdeadline exceeded\b/,
      /\bbad gateway\b|\bservice (?:temporarily )?unavailable\b|\binternal server error\b/,
      /\bconnection (?:reset|refused|closed|lost|error)\b|\bsocket hang up\b|\bunexpected eof\b|\bbroken pipe\b/,
      /\bnetwork is unreachable\b/,
      /\bnull value for transaction\b/, // Hedera: it ran, the record is not there yet.
    ],
  },
  {
    // Limits per account and per authority; they pass when earlier transactions are mined, and the slot is kept.
    // Above `held_slot` and `nonce_gap`, whose words they share. geth, reth (EIP-7702 accounts, blob pool),
    // Nethermind `delegation ...`, Besu `An invalid transaction with a lower nonce exists`, Erigon `spammer`.
    class: 'congested',
    patterns: [
      /\bdelegat(?:ed|ion|or)\b/,
      /\b(?:address|authority) (?:is )?already reserved\b/,
      /\bfuture transaction tries to replace pending\b/,
      /\binvalid transaction with a lower nonce\b/,
      /\baccount limit exceeded\b|\bin ?flight (?:transaction )?limit\b|\blimit (?:per|for) (?:account|sender)\b/,
      /\btransaction type conflict\b|\bof conflicting type\b|\bblobs limit\b/,
      /^spammer$/,
    ],
  },
  {
    // Some transaction holds the slot in the pool, perhaps ours. geth, reth, Besu, Erigon, Nethermind, Anvil
    // `replacement transaction underpriced`; Erigon `could not replace existing tx`, `replaced by ...`; Nethermind
    // `OwnNonceAlreadyUsed`, `ReplacementNotAllowed`; OpenEthereum and Klaytn `same nonce`; Monad `had higher
    // priority`; Substrate `TooLowPriority`; Lotus `replace by fee`, `nonce already exists`.
    class: 'held_slot',
    patterns: [
      /\breplacement(?: transaction| tx| fee)?(?: is)? (?:under ?priced|not allowed|too low|rejected)\b/,
      /\b(?:could not|cannot|can not|can't|unable to|failed to|to) replace\b/,
      /\breplaced by\b|\breplace by fee\b/,
      /\bsame (?:account )?nonce\b/,
      /\bown nonce already used\b/,
      /\bwith nonce(?: \d+)? already (?:exists|in)\b/,
      /\b(?:existing|another|newer|current) (?:transaction|tx)\b.{0,20}\b(?:higher|better) (?:priority|fee|price|tip)\b/,
      /\btoo low priority\b/,
    ],
  },
  {
    // A question, not a failure: geth, reth, Erigon, Besu, Anvil, Avalanche, zkSync `nonce too low`; OpenEthereum
    // `is too low`; Nethermind `OldNonce`; Arbitrum and Polygon zkEVM `invalid (transaction) nonce`, which they say
    // of gaps too; Cosmos `sequence mismatch`; Ganache `correct nonce`; Substrate `Stale`; Hedera `WRONG_NONCE`.
    // Not the authorization of a 7702 transaction, whose nonce is another account's.
    class: 'nonce_used',
    patterns: [
      /(?<!authority )(?<!authorization )\bnonce(?: \d+)?(?: is| was)? too (?:low|small|old)\b/,
      /\bold nonce\b|\bnonce (?:has |was |is )?(?:expired|outdated|stale)\b/,
      /\bnonce(?: \d+)? (?:has |was |is )?(?:already )?(?:been )?(?:used|consumed|spent)\b/,
      /\b(?:invalid|incorrect|wrong|bad|unexpected) (?:transaction |account )?(?:nonce|sequence)\b/,
      /\b(?:have|has) the correct nonce\b|\b(?:nonce|sequence) mismatch\b/,
      /\bnonce\b[^.]{0,60}\b(?:lower|less|smaller) than\b/,
      /\binvalid transaction(?:::|\()stale\b|\bpool\(stale\)|^stale$/,
    ],
  },
  {
    // An earlier nonce has not reached this node: geth, reth, Besu, Nethermind `NonceGap`, zkSync, Hedera, Hardhat,
    // Besu `too distant`, Substrate `Future`, Lotus `unfulfilled nonce gap`.
    class: 'nonce_gap',
    patterns: [
      /\bnonce(?: \d+)?(?: is| was)? too (?:high|big|large|far|distant)\b/,
      /\bnonce gap\b|\bgapped\b/,
      /\bfuture nonce\b|\bnonce\b.{0,24}\bin (?:the )?future\b/,
      /\bexceeds (?:the )?(?:next|expected|account) nonce\b|\bnonce out of range\b/,
      /\bnonce\b[^.]{0,60}\b(?:higher|greater|larger|bigger) than\b/,
      /\binvalid transaction(?:::|\()future\b|\bpool\(future\)/,
    ],
  },
  {
    // The node has our bytes, in its pool or in a block. geth, reth, Nethermind, Erigon `already known`; Besu,
    // Klaytn, zkSync `known transaction` (never inside `unknown transaction`); Anvil, Substrate, OpenEthereum
    // `already imported`; Erigon `existing txn with same hash`, `mined`; Sei `exists in cache`; Harmony `already
    // finalized`; Hedera `DUPLICATE_TRANSACTION`.
    class: 'known',
    patterns: [
      /\balready ?known\b|\balready ?imported\b/,
      /(?<!un)known transaction\b(?! type)/,
      /\b(?:transaction|tx|txn) already (?:exists|received|submitted|queued|in\b)/,
      /\b(?:transaction|tx|txn) already (?:been )?(?:mined|finalized|included|executed|confirmed)\b/,
      /\balready in (?:the |its |our )?(?:mem ?pool|mpool|tx ?pool|transaction pool|pool|cache|system)\b/,
      /\balready ha(?:ve|s) (?:this |the )?(?:transaction|tx|txn)\b/,
      /\bsame hash\b|\bduplicate (?:transaction|tx|txn|hash)\b/,
      /^mined$/,
    ],
  },
  {
    // The balance does not cover the transaction, alone or with those before it. geth, reth, Anvil, Erigon
    // `insufficient funds`; Besu `Upfront cost exceeds account balance`; Nethermind `InsufficientFunds`;
    // OpenEthereum, zkSync, Monad `insufficient balance`; Arbitrum, Lotus `not enough funds`; Hedera
    // `INSUFFICIENT_PAYER_BALANCE`; Substrate `Payment`.
    class: 'funds',
    patterns: [
      /\binsufficient (?:\w+ )?(?:funds?|balance)\b/,
      /(?:\bnot|n't have) enough (?:\w+ )?(?:funds?|balance|ether|eth|money)\b/,
      /\bupfront cost\b|\boverdraft\b|\black of funds?\b/,
      /\bexceeds (?:the )?(?:available |transaction )?(?:sender |account )*balance\b/,
      /\bbalance (?:is )?(?:too low|\d+ less than|not enough|insufficient)\b/,
      /\binvalid transaction(?:::|\()payment\b/,
    ],
  },
  {
    // This node's own ceiling on fees; another node takes the same bytes. geth, reth, Erigon, Celo `exceeds the
    // configured cap`, Besu `fee cap exceeded`, Metis and the first Optimism `too high`.
    class: 'congested',
    patterns: [
      /\bexceeds the configured cap\b|\bfee cap exceeded\b/,
      /\b(?:tx|transaction|gas) (?:fee|price)\b.{0,32}\btoo high\b|^fee too (?:high|large)\b/,
    ],
  },
  {
    // Fee fields that contradict each other or do not fit. geth, reth, Anvil, Besu, Klaytn, Monad. Above
    // `underpriced`, whose words they share.
    class: 'invalid',
    patterns: [
      /\bpriority fee\b.{0,16}\b(?:higher|greater|more|larger|bigger|exceeds?|above)\b.{0,8}\bmax fee\b/,
      /\bmax priority fee\b.{0,12}\btoo high\b/,
      /\btip (?:higher than|above|exceeds) fee cap\b/,
      /\bmax fee per gas higher than max priority fee\b/,
      /\binvalid gas (?:fee |tip )?(?:cap|price)\b/,
      /\bhigher than 2\^/,
    ],
  },
  {
    // Refused for its price; a higher fee, or a lower base fee, lets it in. geth, reth, Erigon, Bor, Nethermind
    // `FeeTooLow...`, Besu, Hardhat, Anvil, OpenEthereum, Arbitrum, Metis, Celo, Astar, Hedera, Cosmos, zkSync (which
    // says `unacceptable gas price` and `pubdata price too high` of the market's price, not of ours).
    class: 'underpriced',
    patterns: [
      /\bunder ?priced\b/,
      /\b(?:fee|price|tip|premium|cap|per gas)(?: \(?\w+\)?| of \w+)?(?: is)? too (?:low|cheap|small)\b/,
      /\b(?:fee|price|tip|premium|per gas|gasprice)\b.{0,64}\b(?:below|less than|lower than|under|needs to be higher)\b/,
      /\b(?:fee|price|tip|premium)s?\b.{0,24} < /,
      /\b(?:blob gas price|base fee)\b.{0,16}\b(?:greater|higher) than\b/,
      /\bunacceptable gas price\b|\bfair pubdata price\b|\btransaction is outdated\b/,
      /\binsufficient (?:gas price|priority fee|tip|tx fee)\b|\binsufficient fees?[;:]/,
      /: insufficient fee$/,
    ],
  },
  {
    // The sender, the signature, the chain: no node of this chain takes these bytes. Bans are filed here as the
    // clients word them (OpenEthereum `banned in local queue`, Besu `not authorized`, Harmony `blacklist`, Linea
    // `prohibited list`): the slot is then closed by other bytes, never believed to be free.
    class: 'invalid',
    patterns: [
      /\binvalid sender\b|\bsender (?:is )?(?:not an? (?:eoa|account)|contract)\b|\bnon account\b/,
      /\bfailed to (?:recover|resolve) (?:the )?sender\b/,
      /\binvalid (?:tx |transaction )?signature\b|\bsignature (?:is )?(?:invalid|verification failed)\b|\bv, r, s\b/,
      /\b(?:invalid|wrong|incorrect|mismatched|unsupported) (?:tx |transaction )?chain ?id\b/,
      /\bchain ?id\b.{0,20}\b(?:not supported|is required|mismatch|invalid)\b/,
      /\bsigned for another chain\b|\breplay protected\b/,
      /\b(?:sender|recipient|code|address)\b.{0,60}\b(?:banned|blocked|black ?list(?:ed)?|prohibited|forbidden)\b/,
      /\bforbidden sender\b/,
      /\bsender account not authorized\b|\btransaction is not permitted\b/,
      /\bmarked the transaction as (?:invalid|not acceptable)\b/,
      /\bnonce has max value\b|\bnegative value\b|\bauthori(?:ty|zation) nonce\b/,
    ],
  },
  {
    // Gas: too little for the bytes themselves, or more than a block, a transaction (EIP-7825) or the rollup's
    // prover holds (Polygon zkEVM counters, Linea line counts, Scroll rows). All clients.
    class: 'invalid',
    patterns: [
      /\bintrinsic gas\b|\bfloor data gas\b|\bout of gas\b|\bnot enough gas\b|\binsufficient gas\b/,
      /\brequires at least \d+ gas\b|\bfailed to pay (?:for the transaction|the fee to the operator)\b/,
      /\bgas (?:limit )?(?:is )?(?:too (?:low|high|small|large|big)|insufficient)\b/,
      /\bgas limit (?:is )?(?:reached|exceeded)\b|\bgas is beyond limit\b/,
      /\b(?:exceeds?|beyond|above|greater than)\b.{0,24}\bgas (?:limit|cap)\b/,
      /\bgas limit\b.{0,32}\b(?:exceeds?|beyond|above)\b/,
      /\bgas u?int(?:64)? ?overflow\b|\bint256 overflow\b|\b(?:cost|value) overflow\b/,
      /\bcounters\b|\bline count\b|\brow consumption\b|\bcircuit capacity\b/,
    ],
  },
  {
    // Bytes that are too large, cannot be read, or are of a type or content that this chain does not have. All.
    class: 'invalid',
    patterns: [
      /\boversized\b|\binit ?code\b|\bcode size\b|\bmax tx size exceeded\b|\brlp ?too long\b/,
      /\b(?:transaction|tx|calldata|message|data) (?:is )?(?:too (?:large|big|long)|greater than the allowed)\b/,
      /\bof transaction is greater than the allowed\b/,
      /\b(?:failed|unable|could not|cannot|can't|couldn't)(?: to| be)? (?:decode|(?:de)?seriali[sz]e|unmarshal|parse)d?\b.{0,24}\b(?:transaction|tx|rlp|hex|raw)\b/,
      /\btransaction (?:could not be decoded|decoding error|data is empty)\b|\bempty (?:raw )?transaction data\b/,
      /\brlp\b|\btyped transaction too short\b|\binvalid message format\b/,
      /\b(?:transaction|tx)(?: of)? type\b.{0,24}\b(?:not|un|invalid)/,
      /\b(?:unsupported|not supported|invalid|unknown) (?:transaction|tx) type\b|\btransactions unsupported\b/,
      /\bnot (?:yet )?activated\b|\bnot supported (?:before|by the current hardfork)\b/,
      /\bblobs?\b(?! pool)|\bkzg|\bsidecar\b|\bauxiliary data\b|\bauthorization (?:list|tuple)\b|\bauth list\b|\brip-7560\b|\bcreate transaction\b/,
      /^(?:transaction )?invalid(?:,.*)?$|^invalid transaction$/, // Nethermind `Invalid`.
      /\binvalid shard\b|\bstaking message\b|\bcyclic dependent\b/, // Harmony, Anvil.
      /^insufficient fee$/, // Sei, bare: chainlink-evm files it as fatal.
    ],
  },
  {
    // The node is full, not ready, or did not run the request: nothing was taken. geth, reth, Erigon `... is full`,
    // Arbitrum `queue full`, OpenEthereum and Lotus `too many`, Substrate `ImmediatelyDropped`, Besu and Nethermind
    // while they sync, Monad `not ready`, gateways that limit rates, batches, plans and methods.
    class: 'congested',
    patterns: [
      /(?:pool|queue)\b.{0,12}\b(?:full|overflow|not ready|not enabled|disabled|limit reached|limit exceeded)\b/,
      /\btoo many (?:pending |queued )?(?:transactions|messages|txs)\b|\bdropped due to\b|\bimmediately dropped\b/,
      /\bexhausts resources\b|\btemporarily banned\b|^busy$|\bstatus busy\b/,
      /^syncing$|\bnode is (?:still )?syncing\b|\bsync is still in progress\b|\bnot (?:yet )?in sync\b/,
      /\brate ?limit|\btoo many requests\b|\brequest (?:count|rate|limit) (?:exceeded|reached)\b|\bthrottled?\b/,
      /\bexceeded (?:its|your|the) (?:\w+ ){0,5}(?:quota|capacity|limit)\b|\breached the (?:quota|free tier)\b/,
      /\b(?:quota|capacity)(?: limit)? (?:exceeded|reached)\b/,
      /\bbatch (?:is )?too large\b|\bexceeds max batch size\b|\bbatch requests? (?:are )?(?:disabled|not allowed)\b/,
      /\b(?:method|module)\b.{0,60}\bnot (?:found|supported|available|enabled|allowed|whitelisted|permitted)\b/,
      /\b(?:method|module)\b.{0,60}\b(?:disabled|does not exist)\b/,
      /\bunauthori[sz]ed\b|\bunauthenticated\b|\b(?:invalid|missing|incorrect) (?:api|project|access) (?:key|id|token)\b/,
    ],
  },
]
