/** Which column of a table is what: told from the headings, and set right by hand. */
import type { ImportReport } from '#wire/directory.ts'
import { useText } from '../text/intl.tsx'

export type Column = ImportReport['columns'][number]
export type ColumnUse = Column['as']
const USES: readonly ColumnUse[] = ['name', 'given', 'middle', 'family', 'company', 'number', 'label', 'field', 'id', 'skip']

const STORED = 'samtal.import.columns'
/** Files of other headings are remembered apart; the one used longest ago is forgotten. */
const REMEMBERED_MAX = 20
type Remembered = readonly (readonly [headings: string, uses: readonly ColumnUse[]])[]

const headingsOf = (columns: readonly Column[]): string => JSON.stringify(columns.map(({ heading }) => heading))
function remembered(): Remembered {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '[]') as Remembered
  } catch (error) {
    // Written by something else: as good as nothing.
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** What columns with these headings were last imported as; null: never set by hand. */
export const usesKept = (columns: readonly Column[]): readonly ColumnUse[] | null =>
  remembered().find(([headings]) => headings === headingsOf(columns))?.[1] ?? null

export function keepUses(columns: readonly Column[]): void {
  const own = headingsOf(columns)
  const others = remembered().filter(([headings]) => headings !== own)
  localStorage.setItem(STORED, JSON.stringify([[own, columns.map((column) => column.as)], ...others].slice(0, REMEMBERED_MAX)))
}

export const isOfHeader = ({ reason }: ImportReport['faults'][number]): boolean => reason.startsWith('header.')

interface Props {
  readonly columns: readonly Column[]
  readonly faults: ImportReport['faults']
  readonly onChoose: (uses: readonly ColumnUse[]) => void
}

export function ImportColumns({ columns, faults, onChoose }: Props) {
  const { t, word } = useText()
  const ofHeader = faults.filter(isOfHeader)
  const whole = ofHeader.find(({ column }) => column === null)
  return (
    <fieldset className="col g2" aria-describedby={whole === undefined ? undefined : 'import-header'}>
      <legend className="s">{t('import.columns')}</legend>
      {whole !== undefined && (
        <p id="import-header" className="trouble s" role="alert">
          {word('importFault', whole.reason)}
        </p>
      )}
      <div className="import-columns">
        {columns.map(({ heading, as, example }, index) => {
          const wrong = ofHeader.find(({ column }) => column === index + 1)
          const id = `import-column-${index}`
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <div key={index}>
              <label>
                <span className="ellipsis">
                  <b>{heading === '' ? t('import.columns.unnamed', { n: index + 1 }) : heading}</b> <span className="faint">{example}</span>
                </span>
                <select
                  className="input"
                  value={as}
                  aria-invalid={wrong !== undefined}
                  aria-describedby={wrong === undefined ? undefined : id}
                  onChange={(event) =>
                    onChoose(columns.map((column, at) => (at === index ? (event.target.value as ColumnUse) : column.as)))
                  }
                >
                  {USES.map((use) => (
                    <option key={use} value={use}>
                      {word('columnUse', use)}
                    </option>
                  ))}
                </select>
              </label>
              {wrong !== undefined && (
                <p id={id} className="trouble s" role="alert">
                  {word('importFault', wrong.reason)}
                </p>
              )}
            </div>
          )
        })}
      </div>
    </fieldset>
  )
}
