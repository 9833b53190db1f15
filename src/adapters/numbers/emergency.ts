/**
 * Emergency numbers by country, as dialled. 112 and 911 stand everywhere: mobile networks route both wherever they are
 * (3GPP TS 22.101, section 10.1.1). Sources of the rest: each country's numbering plan as notified to the ITU (E.129).
 */
const EVERYWHERE = ['112', '911']

const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AT: ['122', '128', '133', '140', '141', '144'],
  AU: ['000', '106'],
  BE: ['100', '101'],
  CH: ['117', '118', '143', '144', '147', '1414'],
  CZ: ['150', '155', '156', '158'],
  DE: ['110'],
  DK: ['114'],
  EE: ['110'],
  ES: ['061', '062', '080', '085', '091', '092'],
  FI: ['10022'],
  FR: ['15', '17', '18', '114', '115', '119', '191', '196', '197'],
  GB: ['999', '101', '111', '105', '18000'],
  GR: ['100', '108', '166', '199'],
  HU: ['104', '105', '107'],
  IE: ['999'],
  IT: ['113', '114', '115', '117', '118', '1515', '1530'],
  LT: ['101', '102', '103'],
  LV: ['110', '113'],
  NL: ['144'],
  NO: ['110', '113'],
  NZ: ['111'],
  PL: ['997', '998', '999', '986', '991', '992', '993', '994'],
  SE: ['90000'],
  US: ['933'],
}

/** The emergency numbers a caller in this country may dial. */
export const emergencyNumbers = (country: string): ReadonlySet<string> => new Set([...EVERYWHERE, ...(BY_COUNTRY[country] ?? [])])
