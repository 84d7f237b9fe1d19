// What a key may do. Each role may do all that the one before it may.

export const ROLES = ['viewer', 'operator', 'admin'] as const

/** viewer reads; operator moves value; admin also manages keys and signers. */
export type Role = (typeof ROLES)[number]

export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
