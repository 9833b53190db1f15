/** What the desk says of the phone and does with sound: the light and its age, notifications in a hidden tab, devices chosen apart. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeOn, FAKE_DEVICES, hasChromium, launch, open, whyNot } from './browser.ts'
import { type Fixture, NO_SWITCH, startFixture } from './fixture.ts'
import { deskState } from './live-state.ts'
import { LINE } from './product.ts'
import { CUSTOMER, onStage, SHOWN } from './stage.ts'

/** Notifications as the page raised them; and the tab hidden and shown as the test says, for a browser without windows hides none. */
const OBSERVED = `
globalThis.notices = []
globalThis.focused = 0
globalThis.focus = () => { focused += 1 }
const Own = globalThis.Notification
let allowed = Own.permission
globalThis.allow = (what) => {
  allowed = what
}
globalThis.Notification = class extends Own {
  static get permission() {
    return allowed
  }
  static async requestPermission() {
    allowed = 'granted'
    return allowed
  }
  constructor(title, options) {
    super(title, options)
    this.told = { title, body: options.body, closed: false }
    notices.push(this)
  }
  close() {
    this.told.closed = true
    super.close()
  }
}
let hidden = false
Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden })
globalThis.hide = (is) => {
  hidden = is
  document.dispatchEvent(new Event('visibilitychange'))
}
`
interface Told {
  readonly title: string
  readonly body: string
  readonly closed: boolean
}
const told = (page: Page): Promise<Told[]> => page.evaluate<Told[]>('notices.map((one) => one.told)')
const hide = (page: Page, is: boolean): Promise<void> => page.evaluate<void>(`hide(${is})`)

describe.skipIf(!hasChromium)(`notifications while the tab is hidden${whyNot}`, () => {
  const stage = onStage()
  const observed = async (permissions: string[]): Promise<Page> => {
    const page = await stage.onDuty(/Anna/, { permissions })
    await page.addInitScript(OBSERVED)
    await page.reload()
    await page.getByText('Ready. The next call comes here by itself.').waitFor()
    return page
  }
  const rings = (how?: { readonly withheld: boolean }) => {
    const line = stage.product.network.call(CUSTOMER, LINE, how)
    line?.onAnswer(() => line.press('1'))
    return line
  }

  it('a ring raises one with who and which queue; it goes with the ring, and a click brings the tab to the front', async () => {
    const desk = await observed(['notifications'])
    await desk.getByText('Notifications on').waitFor()
    await hide(desk, true)
    const line = rings()
    await expect.poll(() => told(desk)).toEqual([{ title: 'Incoming call', body: `${SHOWN} · Support`, closed: false }])
    await desk.evaluate("notices[0].dispatchEvent(new Event('click'))")
    expect(await desk.evaluate('focused')).toBe(1)
    expect((await told(desk))[0]?.closed).toBe(true)
    line?.hangUp()
    await desk.getByText('Ready. The next call comes here by itself.').waitFor()
    const another = rings()
    await expect.poll(async () => (await told(desk)).length).toBe(2)
    another?.hangUp()
    await expect.poll(async () => (await told(desk)).map(({ closed }) => closed)).toEqual([true, true])
  })

  it('of a number withheld it says only that; a tab that is seen needs none, one hidden during the ring does', async () => {
    const desk = await observed(['notifications'])
    const line = rings({ withheld: true })
    await desk.getByRole('button', { name: 'Answer', exact: true }).waitFor()
    expect(await told(desk)).toEqual([])
    await hide(desk, true)
    await expect.poll(() => told(desk)).toEqual([{ title: 'Incoming call', body: 'withheld · Support', closed: false }])
    await hide(desk, false)
    await expect.poll(async () => (await told(desk))[0]?.closed).toBe(true)
    line?.hangUp()
  })

  it('is asked for by a button, and said in words where the browser blocks it; an own call raises none', async () => {
    const desk = await observed([])
    await desk.evaluate("allow('denied')")
    await hide(desk, false)
    await desk.getByText('Notifications blocked').waitFor()
    await desk.evaluate("allow('default')")
    await hide(desk, false)
    expect(await axeOn(desk)).toEqual([])
    await desk.getByRole('button', { name: 'Turn on notifications' }).click()
    await desk.getByText('Notifications on').waitFor()
    stage.product.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    await desk.getByRole('textbox', { name: 'Number' }).fill(CUSTOMER)
    await hide(desk, true)
    await desk.getByRole('button', { name: 'Call', exact: true }).click()
    await desk.getByText('ringing at the other end').waitFor()
    expect(await told(desk)).toEqual([])
  })
})

describe.skipIf(!hasChromium)(`the light of the phone${whyNot}`, () => {
  const stage = onStage()

  it('says when the phone last answered the liveness check, goes out when it fails, and comes back with it', async () => {
    const desk = await stage.onDuty(/Anna/)
    const light = desk.locator('.light')
    const age = desk.locator('.phone-age')
    await expect.poll(() => light.innerText()).toBe('Phone can be reached')
    await expect.poll(() => age.innerText()).toMatch(/^checked \d s ago$/)
    expect(await light.getAttribute('class')).toContain('ok')
    stage.product.network.attend('anna', false)
    await expect.poll(() => light.innerText()).toBe('Phone cannot be reached')
    expect(await light.getAttribute('class')).toContain('gone')
    await desk.getByText('Unreachable', { exact: true }).waitFor()
    await expect.poll(() => age.innerText()).toMatch(/^last reached \d+ s ago$/)
    const seconds = async () => Number(/\d+/.exec(await age.innerText())?.[0])
    const first = await seconds()
    await expect.poll(seconds).toBeGreaterThan(first)
    expect(await axeOn(desk)).toEqual([])
    stage.product.network.attend('anna', true)
    await expect.poll(() => light.innerText()).toBe('Phone can be reached')
    await desk.getByText('Ready. The next call comes here by itself.').waitFor()
  })

  it('is not lit while nothing is heard of the server', async () => {
    const fixture = await startFixture()
    fixture.role = 'agent'
    fixture.live = deskState('ready', null)
    const { page } = await open(stage.browser)
    await page.goto(`${fixture.address}/desk`)
    await page.getByText('Phone can be reached').waitFor()
    await fixture.close()
    await page.getByText('Not known whether the phone can be reached').waitFor()
    expect(await page.locator('.light').getAttribute('class')).toContain('gone')
    await page.getByText(/^last reached \d+ s ago$/).waitFor()
    await page.context().close()
  })
})

/** Where sound goes, and how loud it is there: by context, each joined to its own measure beside the speaker. */
const HEARD = `
globalThis.sinks = []
globalThis.wanted = []
globalThis.outputs = []
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = (constraints) => {
  wanted.push(constraints.audio === true ? '' : constraints.audio.deviceId.ideal)
  return ask(constraints)
}
const set = AudioContext.prototype.setSinkId
AudioContext.prototype.setSinkId = function (id) {
  sinks.push(id)
  return set.call(this, id)
}
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (target, ...more) {
  if (target instanceof AudioDestinationNode) {
    const measure = this.context.createAnalyser()
    connect.call(this, measure)
    const samples = new Float32Array(measure.fftSize)
    const startedAt = performance.now()
    const output = { firstMs: null, closed: () => this.context.state === 'closed' }
    const look = () => {
      measure.getFloatTimeDomainData(samples)
      if (output.firstMs === null && samples.some((one) => Math.abs(one) > 0.01)) output.firstMs = performance.now() - startedAt
      if (this.context.state !== 'closed' && output.firstMs === null) setTimeout(look, 20)
    }
    look()
    outputs.push(output)
  }
  return connect.call(this, target, ...more)
}
`

/** What a switch answers to a request, over a websocket. */
const sipAnswer = (request: string, status: string): string => {
  const back = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Contact):/i.test(line))
  return [`SIP/2.0 ${status}`, ...back, `${/^To:.*$/im.exec(request)?.[0]};tag=switch`, 'Content-Length: 0', '', ''].join('\r\n')
}

describe.skipIf(!hasChromium)(`registration${whyNot}`, () => {
  it('is asked for again where the switch could not take it', async () => {
    const [browser, fixture] = [await launch(FAKE_DEVICES), await startFixture()]
    try {
      fixture.role = 'agent'
      fixture.live = deskState('ready', null)
      fixture.phone = NO_SWITCH
      const { page } = await open(browser, { permissions: ['microphone'] })
      let registers = 0
      await page.routeWebSocket(/\/phone$/, (socket) => {
        socket.onMessage((message) => {
          const request = String(message)
          if (request.startsWith('REGISTER ')) registers += 1
          if (/^[A-Z]+ sip:/.test(request)) socket.send(sipAnswer(request, registers === 1 ? '503 Service Unavailable' : '200 OK'))
        })
      })
      await page.goto(`${fixture.address}/desk`)
      await expect.poll(() => registers).toBe(2)
      await expect.poll(() => page.locator('.light').innerText()).toBe('Phone can be reached')
    } finally {
      await browser.close()
      await fixture.close()
    }
  })
})

describe.skipIf(!hasChromium)(`sound${whyNot}`, () => {
  let browser: Browser
  let fixture: Fixture
  let page: Page
  beforeAll(async () => {
    browser = await launch([...FAKE_DEVICES, '--autoplay-policy=no-user-gesture-required'])
    fixture = await startFixture()
    fixture.role = 'agent'
    fixture.live = deskState('ready', null)
    fixture.phone = NO_SWITCH
  })
  afterAll(async () => {
    await browser.close()
    await fixture.close()
  })
  beforeEach(async () => {
    ;({ page } = await open(browser, { permissions: ['microphone'] }))
    await page.addInitScript(HEARD)
    await openSound()
  })
  afterEach(() => page.context().close())
  const openSound = async () => {
    await page.goto(`${fixture.address}/desk`)
    await page.getByRole('button', { name: 'Sound', exact: true }).click()
    await page.getByRole('dialog', { name: 'Sound' }).waitFor()
    await selectOf(MICROPHONE).locator('option').nth(2).waitFor({ state: 'attached' })
  }
  const MICROPHONE = 'Microphone'
  const SPEAKER = 'Speaker: conversations'
  const RINGER = 'Ringer: the beep of a call'
  const selectOf = (label: string) => page.getByRole('combobox', { name: label })
  const optionsOf = (label: string) => selectOf(label).locator('option').allTextContents()
  const pick = async (label: string, device: string): Promise<string> => {
    const [id = ''] = await selectOf(label).selectOption({ label: device })
    return id
  }
  const sinkOf = async (button: string): Promise<string | undefined> => {
    const before = await page.evaluate<number>('sinks.length')
    await page.getByRole('button', { name: button }).click()
    await expect.poll(() => page.evaluate<number>('sinks.length')).toBe(before + 1)
    return page.evaluate<string>('sinks.at(-1)')
  }

  it('microphone, speaker and ringer are chosen apart, used, and remembered by the browser', async () => {
    expect(await axeOn(page)).toEqual([])
    const [microphones, speakers] = [await optionsOf(MICROPHONE), await optionsOf(SPEAKER)]
    expect([microphones[0], speakers[0]]).toEqual(['The usual one', 'The usual one'])
    expect([microphones.length, speakers.length].every((count) => count >= 3)).toBe(true)
    const chosen = {
      microphone: await pick(MICROPHONE, microphones[2] ?? ''),
      speaker: await pick(SPEAKER, speakers[1] ?? ''),
      ringer: await pick(RINGER, speakers[2] ?? ''),
    }
    expect(new Set(Object.values(chosen)).size).toBe(3)
    await expect.poll(() => page.evaluate<string>('wanted.at(-1)')).toBe(chosen.microphone)
    expect([await sinkOf('Try the speaker'), await sinkOf('Try the ringer')]).toEqual([chosen.speaker, chosen.ringer])
    await openSound()
    const shown = async (label: string) => selectOf(label).inputValue()
    expect({ microphone: await shown(MICROPHONE), speaker: await shown(SPEAKER), ringer: await shown(RINGER) }).toEqual(chosen)
    expect(await page.evaluate<string>('wanted.at(-1)')).toBe(chosen.microphone)
  })

  it('the level rises and falls with what the microphone takes up', async () => {
    const level = page.getByRole('meter', { name: 'How loud the microphone is' })
    const seen = new Set<number>()
    await expect
      .poll(
        async () => {
          seen.add(Number(await level.getAttribute('value')))
          return Math.max(...seen) - Math.min(...seen)
        },
        { interval: 40 },
      )
      .toBeGreaterThanOrEqual(3)
  })

  it('the echo comes back after a second from the speaker chosen, and stops', async () => {
    const speakers = await optionsOf(SPEAKER)
    const speaker = await pick(SPEAKER, speakers[2] ?? '')
    expect(await sinkOf('Echo test')).toBe(speaker)
    const first = () => page.evaluate<number | null>('outputs.at(-1).firstMs')
    await expect.poll(first).not.toBeNull()
    expect(await first()).toBeGreaterThanOrEqual(900)
    await page.getByRole('button', { name: 'Stop the echo' }).click()
    await expect.poll(() => page.evaluate<boolean>('outputs.at(-1).closed()')).toBe(true)
  })
})
