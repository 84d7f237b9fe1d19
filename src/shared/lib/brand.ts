// Nominal types: a value that was checked once carries the proof in its type. No runtime cost.

declare const brand: unique symbol

/** `T` that only a constructor of its own module hands out. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
