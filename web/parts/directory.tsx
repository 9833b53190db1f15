/** Asking the directory as somebody types, and how what is found is shown. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { DirectoryItem } from '#wire/directory.ts'
import { directoryApi } from '../directory-api.ts'
import { useText } from '../text/intl.tsx'
import { StateShape, useStateWords } from './AgentState.tsx'

/** Keys closer together than this are one question. */
const TYPING_MS = 60
/** Colleagues' states are asked for again. */
const AGAIN_MS = 4_000

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** Page after page of what is found; what was found before stays until there is something new. `limit` contacts a page. */
export function useDirectory(typed: string, limit: number, enabled = true) {
  const q = useSettled(typed.trim())
  const found = useInfiniteQuery({
    queryKey: ['directory', q, limit],
    queryFn: ({ pageParam }) => directoryApi.find(q, limit, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
    // With something typed the whole directory is not asked for: a list that is another in a moment moves away under the pointer.
    enabled: enabled && (q !== '' || typed.trim() === ''),
  })
  const pages = found.data?.pages ?? []
  const items: readonly DirectoryItem[] = pages.flatMap((page) => page.items)
  return { found, items, contacts: pages[0]?.contacts ?? 0, q }
}

/** A colleague's state, a queue's. */
export function Standing({ item }: { item: Exclude<DirectoryItem, { kind: 'contact' }> }) {
  const { t } = useText()
  const words = useStateWords()
  if (item.kind === 'agent') {
    return (
      <span className="state s">
        <StateShape state={item.state} />
        {words(item.state, null)}
      </span>
    )
  }
  return <span className="s muted">{item.open ? t('directory.queue.open', { n: item.ready }) : t('directory.queue.closed')}</span>
}
