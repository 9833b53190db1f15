/** Fetches a file and has the browser keep it. */
import { type ReactNode, useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { keepAnswer } from '../parts/keep.ts'

export function SaveButton({ name, fetch: get, children }: { name: string; fetch: () => Promise<Response>; children: ReactNode }) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const run = (): void => {
    setBusy(true)
    keepAnswer(get(), name)
      .then(
        () => setTrouble(null),
        (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      {trouble !== null && (
        <span className="trouble s" role="alert">
          {trouble}
        </span>
      )}
      <button type="button" className="btn" disabled={isBusy} onClick={run}>
        <Icon name="download" /> {children}
      </button>
    </>
  )
}
