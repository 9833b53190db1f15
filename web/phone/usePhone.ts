/** The phone of who is signed in, for the desk: fetched, owned or mirrored, and given up when the page is left. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../api.ts'
import { noPhone, type Owned, ownPhone, type PhoneState } from './owner.ts'

export function usePhone(): { readonly state: PhoneState; readonly changeDevices: () => Promise<void> } {
  const { data } = useQuery({ queryKey: ['phone'], queryFn: api.phone, staleTime: Number.POSITIVE_INFINITY })
  const [state, setState] = useState<PhoneState>(noPhone)
  const owned = useRef<Owned | null>(null)
  const account = data?.phone ?? null
  useEffect(() => {
    if (account === null) return
    const mine = ownPhone(account, setState)
    owned.current = mine
    return () => {
      owned.current = null
      mine.stop()
      setState(noPhone)
    }
  }, [account])
  return { state, changeDevices: async () => owned.current?.changeDevices() }
}
