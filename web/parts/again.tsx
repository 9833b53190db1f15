/** Forms of what others write too: what was read is remembered, and read again without losing what was typed. */
import { useEffect, useRef, useState } from 'react'
import { Refused } from '../api.ts'
import { rebased } from '../state/rebase.ts'
import { useText } from '../text/intl.tsx'

/** Whether the server refused because somebody else has written the same thing since it was read. */
export const isOvertaken = (error: unknown): boolean => error instanceof Refused && error.status === 409 && error.field === 'revision'

/** A draft of what was read first; later readings of the page change neither, for what is sent says what was read. */
export function useDraft<B, D extends object>(first: B, draftOf: (base: B) => D) {
  const [base, setBase] = useState(first)
  const [draft, setDraft] = useState(() => draftOf(first))
  // As it stands when the answer comes: people type on while something is read.
  const typed = useRef(draft)
  useEffect(() => {
    typed.current = draft
  }, [draft])
  /** Takes what stands there now as what was read. Gives the fields in which somebody else has changed what was changed here. */
  const rebase = (now: B): readonly (keyof D)[] => {
    const { draft: next, both } = rebased(typed.current, draftOf(base), draftOf(now))
    setBase(now)
    setDraft(next)
    return both
  }
  return { base, draft, setDraft, rebase }
}

/** A field both have changed: its name on the page, and what the other wrote. */
export interface Met {
  readonly label: string
  readonly theirs: string
}

/** `read`: reads it again; gives what both have changed. */
export function ReadAgain({ read, onRead }: { read: () => Promise<readonly Met[]>; onRead: (met: readonly Met[]) => void }) {
  const { t } = useText()
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isReading, setReading] = useState(false)
  const run = (): void => {
    setReading(true)
    read().then(onRead, (error: unknown) => {
      setReading(false)
      setTrouble(error instanceof Error ? error.message : String(error))
    })
  }
  return (
    <>
      {trouble !== null && (
        <span className="trouble s" role="alert">
          {trouble}
        </span>
      )}
      <button type="button" className="btn" disabled={isReading} onClick={run}>
        {t('again.read')}
      </button>
    </>
  )
}

/** After it was read again: what is in the form now, and where it is not what somebody else wrote. */
export function WasReadAgain({ met }: { met: readonly Met[] }) {
  const { t } = useText()
  return (
    <div className="col g2 s" role="status">
      <p>{t('again.done')}</p>
      {met.length > 0 && (
        <>
          <p>{t('again.both')}</p>
          <ul className="met">
            {met.map(({ label, theirs }) => (
              <li key={label}>
                {label}: <b>{theirs === '' ? t('none') : theirs}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
