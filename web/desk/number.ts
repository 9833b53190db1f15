/** A number looked at by the server before it is dialled, and dialling it once however often the button is pressed. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { NumberRead } from '#wire/requests.ts'
import { api, Refused } from '../api.ts'

/** The server is asked when nothing has been typed for so long. */
const SETTLED_MS = 150

/** Text with a letter in it is a name. */
const isNumber = (text: string): boolean => /\d/.test(text) && !/\p{L}/u.test(text)

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** null: nothing to say of what stands in the field, or not yet. */
export function useNumberRead(text: string): NumberRead | null {
  const settled = useSettled(text.trim())
  const read = useQuery({
    queryKey: ['number', settled],
    enabled: isNumber(settled),
    // Whether it is on a line with us changes by itself.
    refetchInterval: 5_000,
    queryFn: () => api.number(settled),
  })
  return settled === text.trim() && isNumber(settled) ? (read.data ?? null) : null
}

export interface Asking {
  readonly isBusy: boolean
  readonly refused: Refused | null
  /** The same thing asked again before the answer is here is the same asking: it is done once. */
  readonly ask: (work: (key: string) => Promise<unknown>) => void
  /** Something else stands in the field now: what comes of the asking before is not said of it, and does not empty it. */
  readonly forget: () => void
}

export function useAsking(done: () => void): Asking {
  const key = useRef<string | null>(null)
  const forgotten = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const ask: Asking['ask'] = (work) => {
    if (key.current !== null) return
    key.current = crypto.randomUUID()
    forgotten.current = false
    setBusy(true)
    setRefused(null)
    void work(key.current)
      .then(
        () => forgotten.current || done(),
        (error: unknown) => forgotten.current || setRefused(error instanceof Refused ? error : new Refused(0, 'unknown', String(error))),
      )
      .finally(() => {
        key.current = null
        setBusy(false)
      })
  }
  const forget = (): void => {
    forgotten.current = true
    setRefused(null)
  }
  return { isBusy, refused, ask, forget }
}
