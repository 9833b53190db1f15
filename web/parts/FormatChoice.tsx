/** How a file is to be read, where it is not told from the file. */
import { useText } from '../text/intl.tsx'

/** What files are written in where they are not UTF-8; any other can be given over the API. */
const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'macintosh', 'iso-8859-1', 'iso-8859-15']
const DELIMITERS = [',', ';', '\t', '|']

/** Empty: told from the file. */
export interface FileFormat {
  readonly encoding: string
  readonly delimiter: string
}

function Choice(props: { label: string; value: string; options: readonly string[]; onChoose: (value: string) => void }) {
  const { t } = useText()
  return (
    <label className="grow">
      {props.label}
      <select className="input" value={props.value} onChange={(event) => props.onChoose(event.target.value)}>
        <option value="">{t('import.auto')}</option>
        {props.options.map((option) => (
          <option key={option} value={option}>
            {option === '\t' ? t('import.tab') : option}
          </option>
        ))}
      </select>
    </label>
  )
}

export function FormatChoice({ format, onChoose }: { format: FileFormat; onChoose: (format: FileFormat) => void }) {
  const { t } = useText()
  return (
    <div className="row g3">
      <Choice
        label={t('import.encoding')}
        value={format.encoding}
        options={ENCODINGS}
        onChoose={(encoding) => onChoose({ ...format, encoding })}
      />
      <Choice
        label={t('import.delimiter')}
        value={format.delimiter}
        options={DELIMITERS}
        onChoose={(delimiter) => onChoose({ ...format, delimiter })}
      />
    </div>
  )
}
