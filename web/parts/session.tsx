/** Who is signed in, and the solution's names, for every page. */
import { createContext, useContext, useMemo } from 'react'
import type { Session } from '#wire/session.ts'

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext.Provider

export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('This page is drawn only for somebody who is signed in.')
  return session
}

export const seesLive = (session: Session): boolean => session.role !== 'agent'
/** Campaigns, their lists and the do-not-call list: managed by some, looked at by supervisors too. */
export const managesCampaigns = (session: Session): boolean => session.role === 'campaignManager' || session.role === 'administrator'
export const seesCampaigns = (session: Session): boolean => session.role !== 'agent'
export const hasDesk = (session: Session): boolean => session.agentId !== null

export const administrates = (session: Session): boolean => session.role === 'administrator'

/** Names of agents and queues by id; an id of somebody who is no longer there stays an id. */
export function useNames(): { agent: (id: string) => string; queue: (id: string) => string } {
  const { solution } = useSession()
  return useMemo(() => {
    const of = (list: readonly { readonly id: string; readonly name: string }[]) => {
      const names = new Map(list.map(({ id, name }) => [id, name]))
      return (id: string) => names.get(id) ?? id
    }
    return { agent: of(solution.agents), queue: of(solution.queues) }
  }, [solution])
}

export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')
    .toUpperCase()
