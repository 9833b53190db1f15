import { type ReactNode, useEffect, useRef, useState } from 'react'

/** A card whose table may be wider than the page: then it scrolls by itself, and the keyboard reaches it. */
export function ScrollCard({ labelledBy, children }: { labelledBy: string; children: ReactNode }) {
  const card = useRef<HTMLElement>(null)
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = card.current
    if (element === null) return
    const look = () => setOverflows(element.scrollWidth > element.clientWidth)
    const observer = new ResizeObserver(look)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  })
  return (
    <section ref={card} className="card scroll" aria-labelledby={labelledBy} {...(overflows ? { tabIndex: 0 } : {})}>
      {children}
    </section>
  )
}
