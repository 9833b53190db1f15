/** Fetches a file and has the browser keep it. */
import { type ReactNode, useState } from 'react'
import { problemOf } from '../api.ts'
import { Icon } from '../parts/Icon.tsx'

export function SaveButton({ name, fetch: get, children }: { name: string; fetch: () => Promise<Response>; children: ReactNode }) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    const answer = await get()
    if (!answer.ok) throw await problemOf(answer)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = name
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const run = (): void => {
    setBusy(true)
    save()
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
