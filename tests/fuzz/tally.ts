/** What came of it: by surface and code, the slowest, and what must not be. */
export interface Fault {
  readonly surface: string
  readonly what: string
  /** What was sent. */
  readonly about: string
  /** The command that shows it again. */
  readonly again: string
}

interface Row {
  requests: number
  readonly codes: Map<string, number>
  slowestMs: number
}

const MB = 1024 * 1024

export class Tally {
  readonly faults: Fault[] = []
  readonly #rows = new Map<string, Row>()
  /** Of the heap, after each round. */
  readonly #heap: number[] = []

  take(name: string, code: string, ms: number): void {
    const row = this.#rows.get(name) ?? { requests: 0, codes: new Map<string, number>(), slowestMs: 0 }
    this.#rows.set(name, row)
    row.requests += 1
    row.codes.set(code, (row.codes.get(code) ?? 0) + 1)
    row.slowestMs = Math.max(row.slowestMs, ms)
  }

  /** What is in use after a round, what nobody needs taken away first where that can be asked for. */
  remember(): void {
    globalThis.gc?.()
    this.#heap.push(process.memoryUsage().heapUsed)
  }

  get requests(): number {
    return [...this.#rows.values()].reduce((sum, row) => sum + row.requests, 0)
  }

  codesOf(name: string): ReadonlyMap<string, number> {
    return this.#rows.get(name)?.codes ?? new Map()
  }

  names(): readonly string[] {
    return [...this.#rows.keys()]
  }

  /** Megabytes in use after the rounds: the first, the most, the last. */
  heap(): { readonly first: number; readonly most: number; readonly last: number } | null {
    const [first] = this.#heap
    const last = this.#heap.at(-1)
    if (first === undefined || last === undefined) return null
    return { first: first / MB, most: Math.max(...this.#heap) / MB, last: last / MB }
  }

  /** A line for each name, and one for all. */
  lines(): readonly string[] {
    const told = (codes: ReadonlyMap<string, number>) =>
      [...codes]
        .sort((a, b) => b[1] - a[1])
        .map(([code, times]) => `${code} ${times}`)
        .join(', ')
    const width = Math.max(...this.names().map((name) => name.length), 10)
    const all = new Map<string, number>()
    for (const { codes } of this.#rows.values()) for (const [code, times] of codes) all.set(code, (all.get(code) ?? 0) + times)
    const rows = [...this.#rows].map(
      ([name, { requests, codes, slowestMs }]) =>
        `${name.padEnd(width)} ${String(requests).padStart(6)} ${String(Math.ceil(slowestMs)).padStart(6)} ms  ${told(codes)}`,
    )
    return [...rows, `${'together'.padEnd(width)} ${String(this.requests).padStart(6)}            ${told(all)}`]
  }
}
