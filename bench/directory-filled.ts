/** A directory of made-up people: 100,000 contacts as a file, names as common in Sweden, numbers spread over the country's mobile ones. */

const FIRST =
  'Anna Eva Maria Karin Kristina Lena Sara Kerstin Emma Ingrid Marie Malin Jenny Annika Åsa Elin Ulla Josefin Ida Linnéa Lars Mikael Anders Johan Erik Per Peter Karl Jan Thomas Daniel Fredrik Andreas Hans Stefan Mats Åke Göran Örjan Nils Björn Gustav Olof José Zlatan Fatima Ali Hanna Axel'.split(
    ' ',
  )
const LAST =
  'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Ali Mohamed Forsberg Sjöberg Wallin Engström Eklund Danielsson Lundin Håkansson Björk Bergman Gunnarsson Wikström Holm Åberg Öberg Ström Ångström Ek'.split(
    ' ',
  )
const COMPANIES = 'Nordljus Bredband;Ek & Son;Täby Bygg;Västkustens Fisk;Ängelholms Bil;Öresunds Rederi;Café Élan;Kvarnen'.split(';')

const at = <T>(list: readonly T[], index: number): T => {
  const one = list[index % list.length]
  if (one === undefined) throw new Error('an empty list')
  return one
}

/** Spread evenly, the same every time: a multiplication that leaves no number out (2,654,435 has no factor in common with 10^7). */
const numberOf = (index: number): string => `07${2 + (index % 2)}${String((index * 2_654_435) % 10_000_000).padStart(7, '0')}`

export const tableOf = (contacts: number): string => {
  const rows = Array.from({ length: contacts }, (_, index) => {
    const company = index % 3 === 0 ? at(COMPANIES, index / 3) : ''
    return `${at(FIRST, index)} ${at(LAST, Math.floor(index / FIRST.length))};${company};${numberOf(index)};${index}`
  })
  return ['namn;företag;mobil;kundnummer', ...rows].join('\n')
}
