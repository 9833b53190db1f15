/** The agent's own call that came to nothing: remembered when it is gone, so that the desk can say in words how it ended. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Call } from '#wire/calls.ts'
import type { Agent } from '#wire/live.ts'
import { api, Refused } from '../api.ts'
import { isOwnCall } from '../state/desk.ts'
import { newest } from '../state/live.ts'
import { usePictureOf } from '../state/store.ts'

export interface Tried {
  readonly callId: string
  /** What was dialled: a number, or nothing where it was a colleague. */
  readonly number: string | null
  readonly colleague: { readonly id: string; readonly name: string } | null
}

export type Ending = 'busy' | 'rejected' | 'notInUse' | 'unanswered' | 'failed' | 'deleted' | 'cancelled' | 'ownPhone'
const ENDINGS: readonly Call['result'][] = ['busy', 'rejected', 'notInUse', 'unanswered', 'failed', 'deleted', 'cancelled']

/** How a call ended that reached nobody; null: it goes on, or somebody was reached. */
function endingOf(call: Call): Ending | null {
  if (call.endedAt === null || !ENDINGS.includes(call.result)) return null
  // The agent's own phone is rung first: where it is the only one, nobody was called.
  return call.result === 'failed' && call.legs.length === 1 ? 'ownPhone' : (call.result as Ending)
}

/** The latest own call that is over and reached nobody; `forget` takes it away. */
export function useTried(agent: Agent): { readonly tried: Tried | null; readonly forget: () => void } {
  const [tried, setTried] = useState<Tried | null>(null)
  const pending = useRef<Tried | null>(null)
  const { matter } = agent
  useEffect(() => {
    const waiting = pending.current
    if (matter !== null && isOwnCall(matter)) {
      pending.current = { callId: matter.callId, number: matter.number, colleague: matter.colleague ?? null }
      setTried(null)
    } else if (waiting !== null && matter?.callId === waiting.callId && matter.phase === 'talking') pending.current = null
    else if (waiting !== null) {
      pending.current = null
      setTried(waiting)
    }
  }, [matter])
  return { tried, forget: () => setTried(null) }
}

/**
 * How it ended; null while that is not known. A call in which the agent's own phone was never answered is not among those an agent
 * may see: that it cannot be found says just that.
 */
export function useEnding(tried: Tried): Ending | null {
  const told = usePictureOf((picture) => picture.calls.get(tried.callId))
  const fetched = useQuery({
    queryKey: ['tried', tried.callId],
    queryFn: () => api.call(tried.callId),
    retry: false,
  })
  const call = fetched.data === undefined ? told : newest(fetched.data, told)
  if (call !== undefined) return endingOf(call)
  return fetched.error instanceof Refused && fetched.error.status === 404 ? 'ownPhone' : null
}
