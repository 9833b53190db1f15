/** The directory's page through the whole product: imported, searched, written, exported, by mouse and by keyboard, for everybody. */
import { mkdir } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeOn, hasChromium, launch, type Opened, open, whyNot } from './browser.ts'
import { type Product, startProduct } from './product.ts'

const TABLE = `namn;företag;mobil;arbete telefon;kundnummer
Åsa Öberg;Täby Bygg;070-174 06 30;08-46500410;17
Nils Åkesson;;0701740631;;
Asta Ek;Ek & Son;0701740632;;
`
/** Kept for looking at where this names a folder. */
const SHOTS = process.env['SAMTAL_SHOTS']

describe.skipIf(!hasChromium)(`the directory${whyNot}`, () => {
  let browser: Browser
  let product: Product
  let opened: Opened
  let page: Page
  beforeAll(async () => {
    browser = await launch()
    if (SHOTS !== undefined) await mkdir(SHOTS, { recursive: true })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    product = await startProduct()
    opened = await open(browser)
    page = opened.page
  })
  afterEach(async () => {
    await page.context().close()
    await product.close()
  })
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
  }
  const signIn = async (name: string) => {
    await page.goto(product.address)
    await page.getByRole('button', { name }).click()
    await page.getByRole('link', { name: /Directory|Katalog/ }).click()
    await page.getByRole('heading', { name: /Directory|Katalog/, level: 1 }).waitFor()
  }
  const importing = async (content: string | Buffer, name = 'contacts.csv') => {
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const buffer = typeof content === 'string' ? Buffer.from(content) : content
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })
  }
  /** The browser itself reports the refusals that are meant: not signed in yet, no number. */
  const complaints = () => opened.complaints.filter((line) => !/status of (?:401|422)/.test(line))
  const found = () => page.locator('button.found-row b').allTextContents()
  const search = async (text: string, count: string) => {
    await page.getByRole('searchbox').fill(text)
    await page.locator('.found-card .foot', { hasText: count }).waitFor()
  }

  it('is empty, takes a file with faults in only as far as it is told to, and is searched as one types', async () => {
    await signIn('Petra Ek')
    await page.getByText('There are no contacts yet.').waitFor()
    expect(await axeOn(page)).toEqual([])
    await shot('empty')

    await importing(`${TABLE};;;;\nTorn;;hej;;\n`)
    await page.getByRole('button', { name: 'Import the 3 good ones' }).waitFor()
    const row = page.locator('.fault-list tbody tr')
    expect(await row.first().textContent()).toContain('this is no telephone number')
    expect((await row.first().locator('td').allTextContents()).slice(0, 2)).toEqual(['6', '3 mobil'])
    expect(await axeOn(page)).toEqual([])
    await shot('import')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('There are no contacts yet.').waitFor()

    // The same as another program writes it: windows-1252.
    await importing(Buffer.from(TABLE, 'latin1'))
    await page.getByText('CSV, windows-1252').waitFor()
    await page.getByRole('button', { name: 'Import 3 contacts' }).click()
    await page.getByText('3 contacts added, 0 changed.').waitFor()
    await page.locator('.foot', { hasText: '3 contacts' }).waitFor()
    await expect.poll(found).toEqual(['Asta Ek', 'Nils Åkesson', 'Åsa Öberg'])
    await shot('list')

    await search('as', '1 contact')
    await expect.poll(found).toEqual(['Asta Ek'])
    await search('åk', '1 contact')
    await expect.poll(found).toEqual(['Nils Åkesson'])
    await search('ober', '1 contact')
    await expect.poll(found).toEqual(['Åsa Öberg'])
    await search('+46 (0)8-465 00 4', '1 contact')
    await expect.poll(found).toEqual(['Åsa Öberg'])
    await page.getByRole('searchbox').fill('nobody at all')
    await page.getByText('Nothing found for “nobody at all”').waitFor()
    expect(complaints()).toEqual([])
  })

  it('columns are chosen by hand, refused beside the column, and remembered for the next file of these headings', async () => {
    const table = (name: string, number: string) => `wer;wie;wo\n${name};${number};Täby\n`
    await signIn('Petra Ek')
    await importing(table('Oda Odd', '0701740633'))
    await page.getByRole('alert').filter({ hasText: 'Choose which column is the name' }).waitFor()
    const column = (name: string) => page.getByRole('combobox', { name: new RegExp(`^${name}`) })
    await column('wer').selectOption('Name')
    await page.getByRole('alert').filter({ hasText: 'Choose which column is the number' }).waitFor()
    await column('wie').selectOption('Name')
    await page.getByRole('alert').filter({ hasText: 'this is said of another column already' }).waitFor()
    await expect.poll(() => column('wie').getAttribute('aria-invalid')).toBe('true')
    expect(await axeOn(page)).toEqual([])
    await shot('columns')
    await column('wie').selectOption('Number')
    await column('wo').selectOption('Not imported')
    await page.getByRole('button', { name: 'Import 1 contact' }).click()
    await page.getByText('1 contact added, 0 changed.').waitFor()
    await importing(table('Udo Und', '0701740634'))
    await page.getByRole('button', { name: 'Import 1 contact' }).waitFor()
    expect([await column('wer').inputValue(), await column('wie').inputValue(), await column('wo').inputValue()]).toEqual([
      'name',
      'number',
      'skip',
    ])
    expect(complaints()).toEqual([])
  })

  it('what a file would come to is told of the last choice, though an answer to an earlier one comes after it', async () => {
    await signIn('Petra Ek')
    await importing('wer;wie;wo\nOda Odd;0701740633;Täby\n')
    const column = (name: string) => page.getByRole('combobox', { name: new RegExp(`^${name}`) })
    await page.getByRole('alert').filter({ hasText: 'Choose which column is the name' }).waitFor()
    await column('wer').selectOption('Name')
    await page.getByRole('alert').filter({ hasText: 'Choose which column is the number' }).waitFor()
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await page.route('**/contacts/import?**columns=name%2Cnumber%2Cfield**', async (route) => {
      await held
      await route.continue()
    })
    const late = page.waitForResponse((response) => response.url().includes('columns=name%2Cnumber%2Cfield'))
    await column('wie').selectOption('Number')
    await column('wo').selectOption('Not imported')
    await page.getByRole('button', { name: 'Import 1 contact' }).waitFor()
    letGo()
    await (await late).finished()
    await page.getByRole('button', { name: 'Import 1 contact' }).click()
    await page.getByText('1 contact added, 0 changed.').waitFor()
    await importing('wer;wie;wo\nUdo Und;0701740634;Täby\n')
    await page.getByRole('button', { name: 'Import 1 contact' }).waitFor()
    expect(await column('wo').inputValue()).toBe('skip')
  })

  it('a contact is written, refused beside the field, changed and deleted, all by keyboard', async () => {
    await signIn('Petra Ek')
    await page.getByRole('button', { name: 'New contact' }).press('Enter')
    await page.keyboard.type('Eva Ek')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('hej')
    await page.keyboard.press('Enter')
    await page.getByText('This is no telephone number.').waitFor()
    const number = page.getByLabel('Number 1', { exact: true })
    expect(await number.getAttribute('aria-invalid')).toBe('true')
    expect(await axeOn(page)).toEqual([])
    await shot('form')
    await number.fill('070-174 06 40')
    await page.getByRole('button', { name: 'Add a field' }).press('Enter')
    await page.getByLabel('Field 1', { exact: true }).fill('kundnummer')
    await page.getByLabel('Value of field 1').fill('17')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Eva Ek', level: 2 }).waitFor()
    await page.getByRole('link', { name: '070-174 06 40' }).waitFor()
    expect(await page.locator('dl.kv').allTextContents()).toEqual(['Number 1070-174 06 40', 'kundnummer17'])
    expect(await axeOn(page)).toEqual([])

    await page.getByRole('button', { name: 'Edit' }).press('Enter')
    await page.keyboard.press('End')
    await page.keyboard.type('lund')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Eva Eklund', level: 2 }).waitFor()
    await page.locator('button.found-row b', { hasText: 'Eva Eklund' }).waitFor()

    await page.getByRole('button', { name: 'Delete' }).press('Enter')
    await page.getByText('The name, the number and the fields go').waitFor()
    await shot('delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter')
    await page.getByText('There are no contacts yet.').waitFor()
    expect(complaints()).toEqual([])
  })

  it('an agent finds colleagues with their state, queues and contacts, and changes nothing; in Swedish, dark, on a phone', async () => {
    await signIn('Petra Ek')
    await importing(TABLE)
    await page.getByRole('button', { name: 'Import 3 contacts' }).click()
    await page.getByText('3 contacts added').waitFor()
    await page.context().close()
    opened = await open(browser, { locale: 'sv-SE', colorScheme: 'dark' })
    page = opened.page
    await signIn('Anna Lindqvist')
    await page.locator('.found-row', { hasText: 'Support' }).getByText('öppen, ingen redo').waitFor()
    await page.locator('.found-row', { hasText: 'Anna Lindqvist' }).getByText('Utloggad').waitFor()
    expect(await page.getByRole('button', { name: /Ny kontakt|Importera|Exportera/ }).count()).toBe(0)
    await page.getByRole('searchbox').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nils Åkesson', level: 2 }).waitFor()
    expect(new URL(page.url()).searchParams.has('contact')).toBe(true)
    expect(await page.getByRole('button', { name: /Ändra|Ta bort/ }).count()).toBe(0)
    expect(await axeOn(page)).toEqual([])
    await shot('agent-dark-sv')
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await axeOn(page)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
    await shot('agent-phone')
    // From the card to the desk, with the number in its field.
    await page.getByRole('link', { name: '070-174 06 31' }).click()
    await page.waitForURL(/\/desk/)
    expect(complaints()).toEqual([])
  })

  it('says so when the server cannot be reached, and goes on when it can', async () => {
    await signIn('Petra Ek')
    await page.getByText('There are no contacts yet.').waitFor()
    await page.route('**/api/v1/directory**', (route) => route.abort())
    await page.getByRole('searchbox').fill('anna')
    await page.getByText('The server cannot be reached right now.').first().waitFor()
    await shot('offline')
    await page.unroute('**/api/v1/directory**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.found-row', { hasText: 'Anna Lindqvist' }).waitFor()
  })
})
