/** The keys of the pages, from the browser: not while somebody types, nor while a dialog is open. */
import type { AnyRouter } from '@tanstack/react-router'
import { useLayoutEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import { Keys, type Taken } from '../state/keys.ts'

const keys = new Keys<KeyboardEvent>(() => performance.now(), flushSync)

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
const isDialogOpen = (): boolean => document.querySelector('dialog[open]') !== null

window.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return
  if (keys.press(event)) event.preventDefault()
})

/** From an address on its way until its page is drawn, keys wait for that page. */
export function awaitPagesOf(router: AnyRouter): void {
  router.subscribe('onBeforeNavigate', ({ pathChanged }) => pathChanged && keys.pageAsked())
  router.subscribe('onResolved', () => keys.pageUp())
}

/**
 * Keys of the page. A handler that returns true has used the key; one that returns `later` is asked again when something was drawn.
 * Bound as the page is drawn and not after it, so that a key pressed at its sight counts.
 */
export function useKeys(handler: (event: KeyboardEvent) => Taken): void {
  const latest = useRef(handler)
  useLayoutEffect(() => {
    latest.current = handler
    // React draws nothing while it draws.
    if (keys.isWaitedFor) queueMicrotask(() => keys.offer())
  })
  useLayoutEffect(() => keys.bind((event) => !isTyping(document.activeElement) && !isDialogOpen() && latest.current(event)), [])
}
