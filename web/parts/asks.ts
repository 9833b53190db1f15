/** What buttons ask of the server: each press once, those of which the last is to stand in the order they were made, and what was refused. */
import { useRef, useState } from 'react'
import { useOnce } from './once.ts'

interface Asks {
  /** What the server would not do, until something else is asked. */
  readonly trouble: string | null
  readonly ask: (asking: Promise<void>) => void
  /** Pressed again before the answer is here, it is asked once. */
  readonly once: (what: string, work: () => Promise<void>) => void
  /** After what was asked so before: two on their way at once might overtake each other, and the one pressed last is to stand. */
  readonly inTurn: (what: string, work: () => Promise<void>) => void
}

export function useAsks(): Asks {
  const [trouble, setTrouble] = useState<string | null>(null)
  const byPress = useOnce()
  const last = useRef<{ readonly what: string; readonly done: Promise<void> } | null>(null)
  const failed = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error))
  // An answer takes no words away: they may be of something pressed after it.
  const told = (asking: Promise<void>): Promise<void> => {
    setTrouble(null)
    return asking.catch(failed)
  }
  const inTurn: Asks['inTurn'] = (what, work) => {
    if (last.current?.what === what) return
    const before = last.current?.done ?? Promise.resolve()
    const mine = { what, done: told(before.then(work)) }
    last.current = mine
    void mine.done.finally(() => {
      if (last.current === mine) last.current = null
    })
  }
  return { trouble, ask: (asking) => void told(asking), once: (what, work) => byPress(() => told(work()), what), inTurn }
}
