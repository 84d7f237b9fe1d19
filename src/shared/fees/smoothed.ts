// A mean in which each value counts less than the one after it; in the beginning all count alike. Pure.

/** Of each value and those before it, over about `span` of them. */
export function smoothed(values: readonly number[], span: number): readonly number[] {
  let mean = 0
  return values.map((value, index) => {
    mean += Math.max(2 / (span + 1), 1 / (index + 1)) * (value - mean)
    return mean
  })
}
