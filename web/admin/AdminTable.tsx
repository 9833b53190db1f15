/** The table of an administrator's page. Where there is no room for its columns each row is a card (`admin.css`, `.cards`). */
import type { ReactNode } from 'react'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { useText } from '../text/intl.tsx'

type Heads = {
  readonly users: 'name' | 'role' | 'places' | 'agent' | 'standing' | 'signedIn'
  readonly tokens: 'name' | 'scopes' | 'standing' | 'endsAt' | 'usedAt' | 'createdBy'
  readonly audit: 'at' | 'who' | 'what' | 'on' | 'outcome' | 'details'
}

/** `acts`: what the column of buttons is called, which nobody sees. */
export function AdminTable<Of extends keyof Heads>(props: { of: Of; heads: readonly Heads[Of][]; acts?: string; children: ReactNode }) {
  const { t } = useText()
  const { of, heads, acts, children } = props
  return (
    <ScrollCard labelledBy="admin-title">
      <table className={`campaigns cards ${of}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`${of}.col.${head}` as Parameters<typeof t>[0])}
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
    </ScrollCard>
  )
}
