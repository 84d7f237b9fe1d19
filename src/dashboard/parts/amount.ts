// Amounts as people read them. Base units are exact and unreadable; what is shown is never rounded without saying so.

/** Of ether and of the native money of every EVM chain. */
const NATIVE_DECIMALS = 18

/** Of gwei: what fees are spoken of in. */
const GWEI_DECIMALS = 9

/** Decimals in a list, where amounts are compared; the title has all of them. */
const SHORT_DECIMALS = 6

/** Digits of base units that are still read at a glance, and those that stand before a power of ten. */
const TOKEN_DIGITS = 12
const MANTISSA_DIGITS = 7
const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']

export type Amount = {
  readonly number: string
  readonly unit: string
  /** Whether digits are left out. */
  readonly isRounded: boolean
  /** The exact base units, for a title. */
  readonly exact: string
}

/** All digits: for the one transfer that is looked at. */
export function nativeAmount(wei: string, symbol: string): Amount {
  return { number: units(wei, NATIVE_DECIMALS), unit: symbol, isRounded: false, exact: `${group(wei)} wei` }
}

/** At most six decimals, in the unit that keeps it readable: for lists. */
export function shortNativeAmount(wei: string, symbol: string): Amount {
  const exact = `${group(wei)} wei`
  const value = BigInt(wei)
  const [decimals, unit] =
    value === 0n || value >= 10n ** 12n
      ? [NATIVE_DECIMALS, symbol]
      : value >= 10n ** 6n
        ? [GWEI_DECIMALS, 'gwei']
        : [0, 'wei']
  const whole = units(wei, decimals)
  const short = cut(whole, SHORT_DECIMALS)
  return { number: short, unit, isRounded: short !== whole, exact }
}

export function gweiAmount(wei: string): Amount {
  const whole = units(wei, GWEI_DECIMALS)
  const short = cut(whole, 3)
  return { number: short, unit: 'gwei', isRounded: short !== whole, exact: `${group(wei)} wei` }
}

/** A token's decimals are its own affair and unknown here, so its base units stand as they are. */
export function tokenAmount(base: string): Amount {
  return { number: group(base), unit: 'base units', isRounded: false, exact: `${group(base)} base units` }
}

/** At most twelve digits as they are; longer ones as a number times a power of ten, cut and never rounded up. */
export function shortTokenAmount(base: string): Amount {
  const amount = tokenAmount(base)
  if (base.length <= TOKEN_DIGITS) return amount
  const significant = base.replace(/0+$/, '')
  if (significant.length <= MANTISSA_DIGITS) {
    return { ...amount, number: `${group(significant)} × ${power(base.length - significant.length)}` }
  }
  const mantissa = cut(`${base.slice(0, 1)}.${base.slice(1)}`, MANTISSA_DIGITS - 1)
  return { ...amount, number: `${mantissa} × ${power(base.length - 1)}`, isRounded: true }
}

function power(exponent: number): string {
  return `10${[...String(exponent)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')}`
}

export function amountText({ isRounded, number, unit }: Amount): string {
  return `${isRounded ? '≈ ' : ''}${number} ${unit}`
}

/** null: not known, or there is none. */
export function countText(count: number | string | null): string {
  return count === null ? '–' : group(count)
}

/** 1234567.5 -> 1,234,567.5 */
export function group(decimal: string | number): string {
  const [whole = '', fraction] = String(decimal).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function units(base: string, decimals: number): string {
  const digits = base.padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return group(fraction === '' ? whole : `${whole}.${fraction}`)
}

/** Cuts off, never rounds up: nobody is shown more than there is. */
function cut(number: string, decimals: number): string {
  const [whole = '', fraction = ''] = number.split('.')
  const kept = fraction.slice(0, decimals).replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}
