/** A button that opens a small panel under itself; Esc or a press elsewhere closes it, and Esc gives the focus back. */
import { type CSSProperties, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'

const GAP_PX = 6

/** Over the page, where a card that scrolls would cut it off: under the button, or above it where there is no room. */
function placeOver(button: HTMLElement, panel: HTMLElement): CSSProperties {
  const { top, bottom, right } = button.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.documentElement
  const hasRoom = bottom + GAP_PX + panel.offsetHeight <= clientHeight || top - GAP_PX < panel.offsetHeight
  const across = { position: 'fixed', left: 'auto', right: clientWidth - right } as const
  return hasRoom ? { ...across, top: bottom + GAP_PX } : { ...across, top: 'auto', bottom: clientHeight - top + GAP_PX }
}

export function Popup(props: {
  label: ReactNode
  className: string
  /** From the right edge of the button instead of its left. */
  right?: boolean
  /** Inside something that scrolls: stands over it, and closes when it moves. */
  over?: boolean
  /** Stays in the phone form of the top bar. */
  keep?: boolean
  children: (close: () => void) => ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const wrap = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useId()
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<CSSProperties>({})
  const isOver = props.over === true
  useLayoutEffect(() => {
    if (!isOpen || !isOver || button.current === null || box.current === null) return
    const anchor = button.current
    const opened = anchor.getBoundingClientRect()
    setPlace(placeOver(anchor, box.current))
    // What is told of a scroll may come after it is over.
    const onMove = () => {
      const { top, right } = anchor.getBoundingClientRect()
      if (Math.abs(top - opened.top) > 1 || Math.abs(right - opened.right) > 1) setOpen(false)
    }
    window.addEventListener('scroll', onMove, true)
    window.addEventListener('resize', onMove)
    return () => {
      window.removeEventListener('scroll', onMove, true)
      window.removeEventListener('resize', onMove)
    }
  }, [isOpen, isOver])
  useEffect(() => {
    if (!isOpen) return
    const onDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !wrap.current?.contains(event.target)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', onDown)
    document.addEventListener('keydown', onKey, true)
    return () => {
      document.removeEventListener('pointerdown', onDown)
      document.removeEventListener('keydown', onKey, true)
    }
  }, [isOpen])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <span className={props.keep ? 'popup-wrap keep' : 'popup-wrap'} ref={wrap}>
      <button
        ref={button}
        type="button"
        className={props.className}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panel : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {props.label}
      </button>
      {isOpen && (
        <div id={panel} ref={box} className={props.right ? 'popup popup-right' : 'popup'} style={isOver ? place : undefined}>
          {props.children(close)}
        </div>
      )}
    </span>
  )
}
