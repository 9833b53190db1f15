/** A button that opens a small panel under itself; Esc or a press elsewhere closes it, and Esc gives the focus back. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

export function Popup(props: {
  label: ReactNode
  className: string
  /** From the right edge of the button instead of its left. */
  right?: boolean
  /** Stays in the phone form of the top bar. */
  keep?: boolean
  children: (close: () => void) => ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const wrap = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useId()
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
        <div id={panel} className={props.right ? 'popup popup-right' : 'popup'}>
          {props.children(close)}
        </div>
      )}
    </span>
  )
}
