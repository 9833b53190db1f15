/** Presses and their answers: a thing is done once however often it is pressed, and an answer tells only what is still there. */
import { useEffect, useRef } from 'react'

type Once = (work: () => Promise<unknown>, what?: string) => void

/**
 * Pressed again before its answer is here, a thing is not asked again. `what` tells apart what may be asked side by side, as the rows of a
 * table. `work` says itself what it failed of.
 */
export function useOnce(): Once {
  const underWay = useRef(new Set<string>())
  return (work, what = '') => {
    if (underWay.current.has(what)) return
    underWay.current.add(what)
    void work().finally(() => underWay.current.delete(what))
  }
}

/** Whether what asked is still on the page: an answer that comes after somebody has gone elsewhere leads them nowhere, and closes nothing. */
export function useIsHere(): () => boolean {
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return () => isHere.current
}

/** What the pointer pressed last, and what stood on it then. */
let pressed: { readonly button: Element; readonly words: string | null } | null = null

/**
 * The second click of a double click counts only on what the first one pressed. Where the answer is quick another button stands there by
 * then: Hang up in the place of Answer, End the conversation in that of Set free.
 */
export function guardDoubleClicks(): void {
  window.addEventListener(
    'click',
    (event) => {
      // From the keyboard it is 0.
      if (event.detail === 0) return
      const button = event.target instanceof Element ? event.target.closest('button, a, [role="option"]') : null
      const isOther = button !== null && (button !== pressed?.button || button.textContent !== pressed.words)
      if (event.detail > 1 && isOther) {
        event.preventDefault()
        event.stopPropagation()
        return
      }
      pressed = button === null ? null : { button, words: button.textContent }
    },
    true,
  )
}
