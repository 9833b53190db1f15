/** The rows of a file that are not taken, as the server writes them: CSV with a heading `row,line,column,code,value,earlierLine,since`. Pure. */
export interface Reason {
  readonly line: number
  readonly column: string
  readonly code: string
  /** What stood there; empty where it is not told. */
  readonly value: string
  /** Of a number that stands in the file twice: where it stood first. */
  readonly earlierLine: number | null
  /** Of one that is in the list already, epoch ms. */
  readonly since: number | null
}

/** Exports put an apostrophe before what a spreadsheet would take for a formula. */
const plain = (text: string): string => text.replaceAll(/^'(?= *[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])'(?= *[=+\-@＝＋－＠])/gu, '')

/** Fields of one line of CSV; quotes doubled inside quotes. */
function fieldsOf(line: string): readonly string[] {
  const fields: string[] = []
  for (const [, quoted, bare] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu))
    fields.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'))
  return fields
}

/** The first `most` of them. */
export function reasonRows(csv: string, most: number): readonly Reason[] {
  const [head = '', ...lines] = csv.replace(/^\uFEFF/u, '').split(/\r?\n/u)
  const names = fieldsOf(head)
  const at = (name: string): number => names.indexOf(name)
  return lines
    .filter((line) => line !== '')
    .slice(0, most)
    .map((line) => {
      const fields = fieldsOf(line)
      const text = (name: string): string => fields[at(name)] ?? ''
      const [earlier, since] = [text('earlierLine'), text('since')]
      return {
        ...{ line: Number(text('line')), column: text('column'), code: text('code'), value: plain(text('value')) },
        ...{ earlierLine: earlier === '' ? null : Number(earlier), since: since === '' ? null : Date.parse(since) },
      }
    })
}
