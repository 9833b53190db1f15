/** How long whoever asks the engine for something waits, while something else is done. */
import type { Engine } from '#engine/engine.ts'

/** The engine is asked so often. */
const ASKED_EVERY_MS = 10

/** Milliseconds from when it was to be asked until the answer, until `over` is over. `ask`: of the nth question. */
export async function waits(over: Promise<unknown>, ask: (nth: number) => ReturnType<Engine['submit']>): Promise<readonly number[]> {
  const ms: number[] = []
  const answers: Promise<unknown>[] = []
  let due = performance.now()
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += ASKED_EVERY_MS) {
      const since = due
      answers.push(ask(answers.length).then(() => ms.push(performance.now() - since)))
    }
  }, 1)
  await over.finally(() => clearInterval(timer))
  await Promise.all(answers)
  return ms
}
