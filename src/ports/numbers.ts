/** Numbers at the edge: how they are written, and what kind they are. Adapter: libphonenumber-js/max. */
export interface NumberFacts {
  /** E.164, or the digits as they came where it is no number one can call (short, internal). */
  readonly number: string
  readonly country: string | null
  /** Several people stand behind it: marked so in the solution. */
  readonly switchboard?: true
  /** Whether a callback may ring it: valid, not emergency, not premium or shared cost, not otherwise barred. */
  readonly barred: null | 'invalid' | 'emergency' | 'premium' | 'sharedCost' | 'country' | 'prefix'
}

export interface Numbers {
  /**
   * By the rules of the solution's country, or of the trunk it came over. `country` (ISO 3166): in whose way it is written, where that is
   * another (a campaign's list); what may be called stays the solution's.
   */
  read(text: string, country?: string): NumberFacts
}
