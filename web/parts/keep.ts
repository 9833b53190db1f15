/** Files people take away: fetched, and kept by the browser. */
import { problemOf } from '../api.ts'

export function keep(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Rejects with the sentence of a refusal, which is no file. */
export async function keepAnswer(asked: Promise<Response>, name: string): Promise<void> {
  const answer = await asked
  if (!answer.ok) throw await problemOf(answer)
  keep(await answer.blob(), name)
}
