/** A supervisor sets an agent free on the Live page: one whose phone rings on, and, asked twice, one who talks. The whole product behind it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { axeOn, hasChromium, whyNot } from './browser.ts'
import { LINE } from './product.ts'
import { CUSTOMER, onStage } from './stage.ts'

describe.skipIf(!hasChromium)(`an agent set free${whyNot}`, () => {
  const stage = onStage()
  const calls = (): void => {
    const line = stage.product.network.call(CUSTOMER, LINE)
    line?.onAnswer(() => line.press('1'))
  }
  const setsFree = (live: Page) => live.getByRole('button', { name: 'Set free Anna Lindqvist' })
  const inDialog = (live: Page, name: string) => live.getByRole('dialog').getByRole('button', { name })

  it('whose phone rings on: he is paused, and it says why', async () => {
    const desk = await stage.onDuty(/Anna/)
    const live = await stage.signedIn(/Petra/, '/live')
    await live.getByRole('heading', { name: 'Agents' }).waitFor()
    expect(await setsFree(live).count()).toBe(0)
    calls()
    await setsFree(live).click()
    expect(await axeOn(live)).toEqual([])
    await inDialog(live, 'Set free').click()
    await live.getByText('Paused: set free by a supervisor').waitFor()
    expect(await live.getByRole('dialog').count()).toBe(0)
    await desk.getByText('You are paused.').waitFor()
  })

  it('who talks: only when asked twice, for it ends the conversation', async () => {
    const desk = await stage.onDuty(/Anna/)
    const live = await stage.signedIn(/Petra/, '/live')
    calls()
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    await setsFree(live).click()
    await inDialog(live, 'Set free').click()
    await live.getByText('The agent talks with somebody. To set the agent free ends that conversation.').waitFor()
    expect(stage.product.network.onTheLine()).toHaveLength(2)
    await inDialog(live, 'Cancel').click()
    await setsFree(live).click()
    await inDialog(live, 'Set free').click()
    await inDialog(live, 'End the conversation').click()
    await expect.poll(() => stage.product.network.onTheLine()).toEqual([])
    await setsFree(live).waitFor({ state: 'hidden' })
  })
})
