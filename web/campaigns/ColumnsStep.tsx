/** What each column of the file is. One that is nothing known is kept as a column of the list's own, or left out. */
import { useState } from 'react'
import type { ImportLook, ImportMapping } from '#wire/contacts.ts'
import { CONTACT_FIELDS } from '../state/campaigns.ts'
import { mappingOf, type Role, rolesOf } from '../state/import-mapping.ts'
import { useText } from '../text/intl.tsx'

/** Values shown of each column. */
const EXAMPLES = 3

export function ColumnsStep(props: {
  look: ImportLook
  onBack: () => void
  onRead: (mapping: ImportMapping, how: 'add' | 'replace') => void
}) {
  const { t } = useText()
  const { look } = props
  const [roles, setRoles] = useState(() => rolesOf(look))
  const [how, setHow] = useState<'add' | 'replace'>('add')
  const mapping = mappingOf(look.columns, roles)
  const examples = (index: number): string =>
    look.rows
      .slice(0, EXAMPLES)
      .map((row) => row[index] ?? '')
      .filter((value) => value !== '')
      .join(', ')
  return (
    <form
      className="col"
      onSubmit={(event) => {
        event.preventDefault()
        if (!('wrong' in mapping)) props.onRead(mapping, how)
      }}
    >
      <table className="campaigns">
        <thead>
          <tr>
            <th scope="col">{t('columns.inFile')}</th>
            <th scope="col">{t('columns.examples')}</th>
            <th scope="col">{t('columns.is')}</th>
          </tr>
        </thead>
        <tbody>
          {look.columns.map((column, index) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td className="muted">{examples(index)}</td>
              <td>
                <select
                  className="input"
                  aria-label={t('columns.isOf', { column })}
                  value={roles[index] ?? 'own'}
                  onChange={(event) => setRoles(roles.map((role, at) => (at === index ? (event.target.value as Role) : role)))}
                >
                  {CONTACT_FIELDS.map((field) => (
                    <option key={field} value={field}>
                      {t(`columns.${field}`)}
                    </option>
                  ))}
                  <option value="own">{t('columns.own')}</option>
                  <option value="skip">{t('columns.skip')}</option>
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="bd col g3">
        <label className="row g2 check">
          <input type="checkbox" checked={how === 'replace'} onChange={(event) => setHow(event.target.checked ? 'replace' : 'add')} />
          {t('columns.replace')}
        </label>
        {'wrong' in mapping && (
          <p className="trouble s" role="alert">
            {mapping.wrong === 'noPhone' ? t('columns.noPhone') : t('columns.twice', { field: t(`columns.${mapping.field}`) })}
          </p>
        )}
        <div className="row end">
          <button type="button" className="btn lg" onClick={props.onBack}>
            {t('importList.back')}
          </button>
          <button type="submit" className="btn lg pri" disabled={'wrong' in mapping}>
            {t('importList.try')}
          </button>
        </div>
      </div>
    </form>
  )
}
