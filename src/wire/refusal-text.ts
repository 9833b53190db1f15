/** What stands beside the code of a refusal. */
export interface RefusalText {
  readonly status: 400 | 401 | 403 | 404 | 406 | 408 | 409 | 413 | 415 | 421 | 422 | 429 | 431 | 500 | 503
  readonly en: string
  readonly sv: string
}
