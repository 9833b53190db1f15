/** Why a whole file is not taken, as sentences: what `import.file` ends in, with the code in brackets for programs. */
interface FileFaultRow {
  readonly en: string
  readonly sv: string
}
const text = (en: string, sv: string): FileFaultRow => ({ en, sv })

export const fileFaults = {
  'file.empty': text('There is no row in it.', 'Det finns ingen rad i den.'),
  'file.notCsv': text('That is no CSV.', 'Det är inte CSV.'),
  'file.rowTooLong': text('That row is longer than any can be.', 'Den raden är längre än någon får vara.'),
  'file.tooManyColumns': text('There are more columns than can be kept.', 'Det är fler kolumner än som kan sparas.'),
  'file.tooManyRows': text('There are more rows than one file may have.', 'Det är fler rader än en fil får ha.'),
  'encoding.unknown': text('There is no encoding of that name.', 'Det finns ingen kodning med det namnet.'),
  'encoding.wrong': text('Its letters are not written in that encoding.', 'Tecknen är inte skrivna i den kodningen.'),
  'header.noNumber': text('Say which column is the number.', 'Ange vilken kolumn som är numret.'),
  'header.twice': text('Two columns have the same heading.', 'Två kolumner har samma rubrik.'),
  'mapping.unknown': text('No column has that heading.', 'Ingen kolumn har den rubriken.'),
  'mapping.twice': text('One column is said to be two things.', 'En kolumn anges vara två saker.'),
} as const satisfies Readonly<Record<string, FileFaultRow>>
export type FileFaultCode = keyof typeof fileFaults
