/**
 * Keeps commands in order where order matters: those to one leg, or one bridge, run one after another; others run beside them. A
 * command that touches several waits for all of them.
 */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>()
  #waiting = 0

  /** Commands not yet done. */
  get size(): number {
    return this.#waiting
  }

  /** `task` reports its own failures: one that rejects is a bug, and is told to `failed`. */
  run(keys: readonly string[], task: () => Promise<void>, failed: (error: unknown) => void): void {
    this.#waiting += 1
    const before = keys.flatMap((key) => this.#tails.get(key) ?? [])
    const done = Promise.all(before)
      .then(task)
      .catch(failed)
      .then(() => {
        this.#waiting -= 1
        for (const key of keys) if (this.#tails.get(key) === done) this.#tails.delete(key)
      })
    for (const key of keys) this.#tails.set(key, done)
  }

  /** When all that stands now is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
