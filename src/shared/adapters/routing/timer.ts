// Waiting that can be given up. Of the invocation that asks: nobody else's ends it.

export type Timer = { readonly done: Promise<void>; readonly cancel: () => void }
/** Milliseconds. */
export type Wait = (ms: number) => Timer

export const realTimer: Wait = (ms) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const handle = setTimeout(resolve, ms)
  return { done: promise, cancel: () => clearTimeout(handle) }
}
