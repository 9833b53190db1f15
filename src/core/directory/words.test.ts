import { describe, expect, it } from 'vitest'
import { bareOf, digitsIn, hasBeginnings, lettersOf, searchable, wordsOf } from './words.ts'

describe('names are compared by letters', () => {
  it.each([
    ['José', 'jose'],
    ['MÜLLER', 'muller'],
    ['Åke Öström', 'åke öström'],
    // The same letters written as a letter and a mark, as some systems store them.
    ['A\u030ake O\u0308stro\u0308m', 'åke öström'],
    ['Bjørn Kjær', 'björn kjär'],
    ['Groß', 'gross'],
    ['Łódź', 'lodz'],
    ['Nguyễn', 'nguyen'],
  ])('%s is read as %s', (name, letters) => expect(lettersOf(name)).toBe(letters))

  it('å, ä and ö are letters of their own, and a and o only when asked for', () => {
    expect(lettersOf('Åsa')).not.toBe(lettersOf('Asa'))
    expect(bareOf(lettersOf('Åsa Öberg Ängström'))).toBe('asa oberg angstrom')
  })

  it('a word ends at anything that is no letter or digit', () =>
    expect(wordsOf(lettersOf("Anna-Karin O'Brien, 7-Eleven"))).toEqual(['anna', 'karin', 'o', 'brien', '7', 'eleven']))

  it('any word’s beginning finds, its inside does not, and every word asked for must be there', () => {
    const searched = searchable('Anna-Karin Öberg')
    expect(hasBeginnings(searched, ['kar'])).toBe(true)
    expect(hasBeginnings(searched, ['öb', 'ann'])).toBe(true)
    expect(hasBeginnings(searched, ['berg'])).toBe(false)
    expect(hasBeginnings(searched, ['anna', 'nils'])).toBe(false)
    expect(hasBeginnings(searched, [])).toBe(true)
  })
})

describe('a number is found by any writing of it', () => {
  it.each([
    ['070-174 06 12', '0701740612', '46701740612'],
    ['+46 (0)70 174 06 12', '46701740612', '46701740612'],
    ['0046 70 174', '4670174', '4670174'],
    ['46701740612', '46701740612', '46701740612'],
    ['0612', '0612', '46612'],
    ['174\u00a006', '17406', '17406'],
  ])('%s', (text, digits, beginning) => expect(digitsIn(text, '46')).toEqual({ digits, beginning }))

  it.each(['Anna', '12', '7-eleven', '', '+', 'route 66'])('%j is no number', (text) => expect(digitsIn(text, '46')).toBeNull())
  it('where 0 means nothing at home it stays', () => expect(digitsIn('0612', null)?.beginning).toBe('0612'))
})
