/** Pictures of every page, to be looked at: `node tests/browser/shots.ts FOLDER`. */
import { mkdirSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import type { LiveState } from '#wire/live.ts'
import { chromiumBinary } from '../../scripts/fetch-tools.ts'
import { FAKE_DEVICES } from './browser.ts'
import { contactOnDesk, previewCard } from './campaign-state.ts'
import { type Fixture, NO_SWITCH, startFixture } from './fixture.ts'
import { deskState, inConsult, liveState, matterOf, ownCall } from './live-state.ts'

const folder = process.argv[2] ?? 'dist/shots'
const only = process.argv[3]

interface Shown {
  readonly path: string
  readonly role?: 'agent' | 'campaignManager' | 'administrator' | null
  readonly ready: string
  readonly live?: () => LiveState
  /** As a role sees it whose numbers are masked. */
  readonly isMasked?: true
  /** What is done before the picture is taken. */
  readonly then?: (page: Page) => Promise<void>
}
const maskedIn = <T>(shown: T): T => JSON.parse(JSON.stringify(shown).replaceAll(/"(\+46)\d+(\d\d)"/g, '"$1•••••••$2"')) as T
const desk = (live: () => LiveState, path = '/desk'): Shown => ({ path, role: 'agent', ready: '.outbound', live })

const manager = (path: string, ready: string, more: Partial<Shown> = {}): Shown => ({ path, role: 'campaignManager', ready, ...more })

const administrator = (path: string, ready: string, more: Partial<Shown> = {}): Shown => ({ path, role: 'administrator', ready, ...more })

const chooseFile = async (page: Page): Promise<void> => {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'november-list.csv', mimeType: 'text/csv', buffer: Buffer.from('Mobil;Namn\n') })
  await page.locator('form button[type=submit]').click()
  await page.locator('tbody select').first().waitFor()
}

const person: Shown = { path: '/persons', role: 'administrator', ready: 'form' }
const findPerson = async (page: Page): Promise<void> => {
  await page.locator('form input').fill('070-174 06 12')
  await page.locator('form button[type=submit]').click()
  await page.locator('tbody tr').first().waitFor()
}

const PAGES: Readonly<Record<string, Shown>> = {
  archive: { path: '/archive', ready: 'tbody tr, .rowc' },
  A1: { path: '/archive/A1', ready: '.ev' },
  A2: { path: '/archive/A2#e5', ready: '.ev' },
  A3: { path: '/archive/A3', ready: '.ev' },
  A5: { path: '/archive/A5', ready: '.ev' },
  A7: { path: '/archive/A7', ready: '.ev' },
  A8: { path: '/archive/A8', ready: '.ev' },
  B5: { path: '/archive/B5', ready: '.ev' },
  C1: { path: '/archive/C1', ready: '.ev' },
  D5: { path: '/archive/D5', ready: '.ev' },
  E1: { path: '/archive/E1', ready: '.ev' },
  F7: { path: '/archive/F7', ready: '.ev' },
  gone: { path: '/archive/gone', ready: '.ev' },
  waiting: { path: '/archive/waiting-callback', ready: '.ev' },
  live: { path: '/live', ready: '.tile' },
  desk: desk(() => deskState('ready', null)),
  deskMasked: { ...desk(() => deskState('paused', null)), isMasked: true },
  deskMaskedTalk: { ...desk(() => deskState('connected', matterOf('talking'))), isMasked: true },
  deskDial: desk(() => deskState('paused', null), '/desk?dial=tel:0701740612'),
  deskRings: desk(() => deskState('connecting', { ...matterOf('ringing'), kind: 'line' })),
  deskCalling: desk(() => deskState('connected', ownCall('calling'))),
  deskTalk: desk(() => deskState('connected', matterOf('talking')), '/desk?dial=tel:0701740612'),
  deskConsult: desk(() => deskState('connected', inConsult(true))),
  deskSound: {
    ...desk(() => deskState('ready', null)),
    then: async (page) => {
      await page.locator('.statebar button', { hasText: /^(Sound|Ljud)$/ }).click()
      await page.locator('dialog .level').waitFor()
    },
  },
  campaigns: manager('/campaigns', 'tbody tr'),
  campaign: manager('/campaigns/renewals', '.chart rect.bar-calls'),
  campaignCards: manager('/campaigns/survey', '.chart rect.bar-calls'),
  campaignOver: manager('/campaigns/winback', '.chart rect.bar-calls'),
  campaignSettings: manager('/campaigns/renewals/settings', 'form'),
  campaignContacts: manager('/campaigns/renewals/contacts', 'tbody tr'),
  campaignColumns: manager('/campaigns/renewals/import', 'form', { then: chooseFile }),
  campaignDryRun: manager('/campaigns/renewals/import', 'form', {
    then: async (page) => {
      await chooseFile(page)
      await page.locator('form button[type=submit]').click()
      await page.locator('.reasons tbody tr').first().waitFor()
    },
  }),
  doNotCall: manager('/do-not-call', 'tbody tr'),
  doNotCallErased: manager('/do-not-call', 'tbody tr', {
    then: (page) => page.locator('tbody tr:last-child .btn').click(),
  }),
  pace: manager('/campaigns/pace', 'form', {
    then: async (page) => {
      await page.locator('form button[type=submit]').click()
      await page.locator('tbody tr').first().waitFor()
    },
  }),
  persons: { ...person, then: findPerson },
  personCopy: {
    ...person,
    then: async (page) => {
      await findPerson(page)
      await page.locator('.page-head .btn').nth(1).click()
      await page.locator('#copy-title').waitFor()
    },
  },
  personErase: {
    ...person,
    then: async (page) => {
      await findPerson(page)
      await page.locator('.btn.dan').click()
      await page.locator('dialog input').fill('070-174 06 12')
    },
  },
  deskCard: desk(() => deskState('ready', null, { card: previewCard() })),
  deskContact: desk(() => deskState('connected', { ...matterOf('talking'), kind: 'dialler', contact: contactOnDesk() })),
  deskLater: {
    ...desk(() => deskState('connected', { ...matterOf('talking'), kind: 'dialler', contact: contactOnDesk() })),
    then: (page) => page.locator('.desk-mid > .card').first().locator('.btn').last().click(),
  },
  users: administrator('/users', 'tbody tr'),
  usersMore: administrator('/users', 'tbody tr', {
    then: (page) => page.locator('tbody tr:last-child .btn').last().click(),
  }),
  usersNew: administrator('/users', 'tbody tr', {
    then: async (page) => {
      await page.locator('.page-head .btn.pri').click()
      await page.locator('dialog form').waitFor()
      await page.locator('dialog select').first().selectOption('supervisor')
      await page.locator('dialog input[type=checkbox]').first().uncheck()
    },
  }),
  tokens: administrator('/tokens', 'tbody tr'),
  tokensNew: administrator('/tokens', 'tbody tr', {
    then: async (page) => {
      await page.locator('.page-head .btn.pri').click()
      await page.locator('dialog form').waitFor()
    },
  }),
  audit: administrator('/audit', 'tbody tr'),
  account: administrator('/account', 'ul.sessions li'),
  signIn: { path: '/', role: null, ready: 'form' },
}

const shoot = async (page: Page, fixture: Fixture, name: string, file: string): Promise<void> => {
  const one = PAGES[name]
  if (one === undefined) return
  fixture.role = one.role === undefined ? 'supervisor' : one.role
  const [live, calls] = [one.live?.() ?? liveState(), fixture.calls]
  fixture.live = one.isMasked ? maskedIn(live) : live
  fixture.calls = one.isMasked ? maskedIn(calls) : calls
  fixture.phone = one.then === undefined ? null : NO_SWITCH
  await page.goto(`${fixture.address}${one.path}`)
  await page.locator(one.ready).first().waitFor()
  await one.then?.(page)
  await page.screenshot({ path: `${folder}/${file}.png`, fullPage: true })
  fixture.calls = calls
}

const { path } = chromiumBinary()
if (path === null) throw new Error('Chromium is not here: node scripts/fetch-tools.ts chromium')
mkdirSync(folder, { recursive: true })
const fixture = await startFixture()
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', ...FAKE_DEVICES] })
for (const name of Object.keys(PAGES).filter((one) => only === undefined || only.split(',').includes(one))) {
  for (const [look, width, dark, locale] of [
    ['light', 1366, false, 'en-GB'],
    ['dark', 1366, true, 'sv-SE'],
    ['phone', 390, false, 'sv-SE'],
    ['phone-dark', 390, true, 'en-GB'],
  ] as const) {
    const context = await browser.newContext({
      viewport: { width, height: 860 },
      colorScheme: dark ? 'dark' : 'light',
      locale,
      permissions: ['microphone'],
    })
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()))
    page.on('pageerror', (error) => console.log(name, error.message))
    await shoot(page, fixture, name, `${name}-${look}`)
    await context.close()
  }
}
await browser.close()
await fixture.close()
