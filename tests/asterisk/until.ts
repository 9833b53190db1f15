/** Asks until there is an answer: for what is told by no event. Fails with what was waited for. `everyMs`: longer where asking is work for others. */
export const until = async <T>(
  what: string,
  ask: () => T | Promise<T>,
  msMax = 20_000,
  everyMs = 20,
): Promise<NonNullable<Exclude<T, false>>> => {
  const giveUp = performance.now() + msMax
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>
    if (performance.now() > giveUp) throw new Error(`waited ${msMax} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
