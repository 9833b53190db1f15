/** Two people at one form, through the whole product: the second to save is told, reads again, and has lost nothing of what was typed. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { axeOn, hasChromium, whyNot } from './browser.ts'
import { onStage } from './stage.ts'

describe.skipIf(!hasChromium)(`two at one form${whyNot}`, () => {
  const stage = onStage()
  let page: Page
  beforeEach(async () => {
    page = await stage.signedIn(/Mikael/, '/')
  })

  /** What somebody else does meanwhile, asked as the page would ask. */
  const meanwhile = async (method: string, path: string, data?: object): Promise<unknown> => {
    const answer = await page.request.fetch(`${stage.product.address}/api/v1${path}`, {
      method,
      headers: { 'x-samtal': '1' },
      ...(data && { data }),
    })
    expect([path, answer.status()]).toEqual([path, method === 'POST' ? 201 : 200])
    return answer.json()
  }
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click()
  const readAgain = async (sentence: string) => {
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor()
    expect(await axeOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Read it again and keep what I typed' }).click()
    await page.getByText('Read again: what somebody else wrote is here').waitFor()
    expect(await axeOn(page)).toEqual([])
  }

  it('a campaign: what was typed stands beside what somebody else wrote, and where both wrote it is said', async () => {
    const days = { mon: ['09:00-12:00'], tue: ['09:00-12:00'] }
    const made = { id: 'spring', name: 'Spring', mode: 'preview', hours: { days, holidays: {} } }
    await meanwhile('POST', '/campaigns', made)
    await page.goto(`${stage.product.address}/campaigns/spring/settings`)
    await page.getByLabel('Name', { exact: true }).fill('Spring 2027')
    await page.getByRole('textbox', { name: 'Mon' }).fill('10:00-11:00')
    await page.getByLabel('Attempts a contact may use up').fill('2')
    const { id: _, ...others } = { ...made, attempts: 5, ringSeconds: 40, hours: { days: { ...days, tue: ['13:00-15:00'] }, holidays: {} } }
    await meanwhile('PUT', '/campaigns/spring', others)

    await save()
    await readAgain('Somebody else has written this campaign anew meanwhile')
    expect(await page.locator('ul.met li').allTextContents()).toEqual(['Attempts a contact may use up: 5'])
    expect(await page.getByLabel('Rings for, seconds').inputValue()).toBe('40')
    await save()
    await page.getByRole('heading', { name: 'Spring 2027' }).waitFor()
    expect(await meanwhile('GET', '/campaigns/spring')).toMatchObject({
      settings: { name: 'Spring 2027', attempts: 2, ringSeconds: 40, hours: { days: { mon: ['10:00-11:00'], tue: ['13:00-15:00'] } } },
    })
  })

  it('an account: a right taken away meanwhile is not given back by who only mends the name', async () => {
    await page.goto(`${stage.product.address}/users`)
    await page.getByRole('button', { name: 'Change Petra Ek' }).click()
    await page.getByLabel('Name, as others see it').fill('Petra Ek-Berg')
    await meanwhile('PATCH', '/users/petra', { role: 'agent', name: 'Petra E' })
    await save()
    await readAgain('Somebody else has changed this account meanwhile')
    expect(await page.locator('ul.met li').allTextContents()).toEqual(['Name, as others see it: Petra E'])
    expect(await page.getByLabel('Role').inputValue()).toBe('agent')
    await save()
    await page.getByText('Petra Ek-Berg').first().waitFor()
    expect(await meanwhile('GET', '/users')).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: 'petra', name: 'Petra Ek-Berg', role: 'agent' })]),
    })
  })

  it('a contact: the number somebody else added stays', async () => {
    const { id } = (await meanwhile('POST', '/contacts', { name: 'Åsa Öberg', numbers: [{ number: '070-174 06 30' }] })) as { id: string }
    await page.goto(`${stage.product.address}/directory?contact=${id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Company').fill('Täby Bygg')
    await meanwhile('PATCH', `/contacts/${id}`, { numbers: [{ number: '070-174 06 30' }, { number: '08-46500410', label: 'work' }] })
    await save()
    await readAgain('Somebody else has changed this contact meanwhile')
    expect(await page.locator('ul.met').count()).toBe(0)
    await save()
    await page.getByText('Saved.').waitFor()
    expect(await meanwhile('GET', `/contacts/${id}`)).toMatchObject({
      company: 'Täby Bygg',
      numbers: [{ number: '+46701740630' }, { number: '+46846500410', label: 'work' }],
    })
  })
})
