/** The program on an archive, asked for calls. */
import type { CallPage } from '#wire/calls.ts'
import { serve } from './program-served.ts'

/** Query parameters of `GET /calls`, as text. */
export type Query = Readonly<Record<string, string | number | boolean>>

export interface Served {
  /** One page, and how long it took from the request to the last byte, milliseconds. */
  calls(query: Query): Promise<{ readonly page: CallPage; readonly ms: number }>
  call(id: string): Promise<number>
  close(): Promise<void>
}

export const serveArchive = async (folder: string): Promise<Served> => {
  const served = await serve(folder)
  return {
    async calls(query) {
      const parameters = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))
      const { body, ms } = await served.get<CallPage>(`calls?${parameters}`)
      return { page: body, ms }
    },
    call: async (id) => (await served.get(`calls/${encodeURIComponent(id)}`)).ms,
    close: () => served.close(),
  }
}
