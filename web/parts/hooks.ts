/** Small habits shared by the pages. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { serverNow } from '../state/store.ts'

/** The server's clock, moving every `everyMs` while `running`. */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    setNow(serverNow())
    if (!running) return
    const timer = setInterval(() => setNow(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, running])
  return now
}

/** Whether the page is in its phone form. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia('(max-width: 720px)')
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => window.matchMedia('(max-width: 720px)').matches,
  )
}

/** The width an element has on the page, in whole pixels; 0 before it is there. */
export function useWidth<T extends Element>(): [(element: T | null) => void, number] {
  const [element, setElement] = useState<T | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => entry !== undefined && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, width]
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Samtal`
  }, [title])
}
