/**
 * Shrinks a list for which a run fails to a short one for which it still does: delta debugging, with ever
 * smaller parts left out. A fault that depends on chance may need another look.
 *
 * @param fails runs with some of the list
 * @param mostRuns runs at most
 */
export async function shrink<T>(
  list: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  mostRuns = 12,
): Promise<readonly T[]> {
  let left = list
  let parts = 2
  for (let runs = 0; left.length > 1 && runs < mostRuns; ) {
    const size = Math.ceil(left.length / parts)
    let shrunk: readonly T[] | undefined
    for (let first = 0; first < left.length && runs < mostRuns; first += size) {
      const some = left.filter((_, index) => index < first || index >= first + size)
      runs += 1
      if (some.length > 0 && (await fails(some))) {
        shrunk = some
        break
      }
    }
    if (shrunk) {
      left = shrunk
      parts = Math.max(2, parts - 1)
    } else if (size === 1) return left
    else parts = Math.min(left.length, parts * 2)
  }
  return left
}
