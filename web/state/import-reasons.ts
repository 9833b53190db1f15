/** The rows of a file that are not taken, as the server writes them: CSV with a heading `row,line,column,code`. Pure. */
export interface Reason {
  readonly line: number
  readonly column: string
  readonly code: string
}

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
      return { line: Number(fields[at('line')] ?? 0), column: fields[at('column')] ?? '', code: fields[at('code')] ?? '' }
    })
}
