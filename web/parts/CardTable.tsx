/** A table where each row is a card where there is no room for its columns (`cards.css`). */
import type { ReactNode } from 'react'
import { useText } from '../text/intl.tsx'
import { ScrollCard } from './ScrollCard.tsx'

type Heads = {
  readonly users: 'name' | 'role' | 'places' | 'agent' | 'standing' | 'signedIn'
  readonly tokens: 'name' | 'scopes' | 'standing' | 'endsAt' | 'usedAt' | 'createdBy'
  readonly audit: 'at' | 'who' | 'what' | 'on' | 'outcome' | 'details'
  readonly personKept: 'what' | 'count' | 'becomes'
  readonly personCalls: 'when' | 'what' | 'result' | 'waited' | 'talked' | 'looks'
  readonly campaigns: 'name' | 'state' | 'mode' | 'agents' | 'inTheAir' | 'placed' | 'answered' | 'silent' | 'why'
  readonly contacts: 'name' | 'number' | 'state' | 'tries' | 'outcome' | 'triedAt' | 'dueAt'
  readonly imports: 'file' | 'at' | 'by' | 'state' | 'added' | 'left'
  readonly doNotCall: 'number' | 'for' | 'source' | 'reason' | 'until' | 'addedAt'
}

interface Props<Of extends keyof Heads> {
  readonly of: Of
  /** The id of the heading that names it. */
  readonly labelledBy: string
  readonly heads: readonly Heads[Of][]
  /** Those of them over figures, which stand to the right. */
  readonly figures?: readonly Heads[Of][]
  /** Columns of somebody's own after them, called as they were written. */
  readonly own?: readonly string[]
  /** What the column of buttons is called, which nobody sees. */
  readonly acts?: string
  /** Said below it. */
  readonly foot?: string | null
  readonly children: ReactNode
}

export function CardTable<Of extends keyof Heads>({
  of,
  labelledBy,
  heads,
  figures = [],
  own = [],
  acts,
  foot = null,
  children,
}: Props<Of>) {
  const { t } = useText()
  return (
    <ScrollCard labelledBy={labelledBy}>
      <table className={`campaigns cards ${of}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className={figures.includes(head) ? 'n' : undefined}>
                {t(`${of}.col.${head}` as Parameters<typeof t>[0])}
              </th>
            ))}
            {own.map((column) => (
              <th key={`own ${column}`} scope="col">
                {column}
              </th>
            ))}
            {acts !== undefined && (
              <th scope="col">
                <span className="vh">{acts}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {foot !== null && <p className="foot muted s">{foot}</p>}
    </ScrollCard>
  )
}
