/** Holds the live picture and keeps it true: one `EventSource` for the whole page, opened at sign-in and closed at sign-out. */
import { useSyncExternalStore } from 'react'
import type { StreamMessage } from '#wire/live.ts'
import { fold, lost, nothing, type Picture } from './live.ts'

/** Without a word for so long the connection counts as lost; the server speaks at least every 5 s. */
const SILENCE_MS = 12_000
/** How long to wait before a closed stream is opened anew. */
const REOPEN_MS = 2_000

let picture: Picture = nothing
const listeners = new Set<() => void>()
const become = (next: Picture): void => {
  if (next === picture) return
  picture = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const currentPicture = (): Picture => picture
export const usePicture = (): Picture => useSyncExternalStore(subscribe, currentPicture)
/** A part of the picture: the component is drawn again only when that part changed. */
export const usePictureOf = <T>(pick: (picture: Picture) => T): T => useSyncExternalStore(subscribe, () => pick(picture))

/** The server's clock, as far as the stream has told. */
export const serverNow = (): number => Date.now() + picture.aheadMs

/** Opens the stream and folds what it says; returns how to close it and forget. */
export function follow(address: string): () => void {
  let source: EventSource | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(address)
    source.onmessage = (event: MessageEvent<string>) => become(fold(picture, JSON.parse(event.data) as StreamMessage, Date.now()))
    source.onerror = () => {
      become(lost(picture))
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, REOPEN_MS)
    }
  }
  open()
  const watch = setInterval(() => Date.now() - picture.heardAt > SILENCE_MS && become(lost(picture)), 1000)
  return () => {
    source?.close()
    clearTimeout(again)
    clearInterval(watch)
    become(nothing)
  }
}
