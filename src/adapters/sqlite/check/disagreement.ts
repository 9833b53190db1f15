/** What a check says of the first thing that is not as it was written. */
export interface Disagreement {
  /** The file, by its name in the data folder. */
  readonly file: string
  /** Of the fact it is about; null: it is about none. */
  readonly position: number | null
  readonly what: string
}
