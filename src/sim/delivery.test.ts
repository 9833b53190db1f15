import { expect, it } from 'vitest'
import { VirtualClock } from './clock.ts'
import { Delivery } from './delivery.ts'

it('holds what is due for under way until it has arrived: nothing asked for at that instant overtakes it', async () => {
  const clock = new VirtualClock(0)
  const delivery = new Delivery(clock)
  const arrived: string[] = []
  clock.wake(1_500, () => {
    arrived.push(delivery.isClear ? 'clear' : 'under way')
    delivery.atOnceOr(0, () => arrived.push('second'))
  })
  delivery.atOnceOr(1_500, () => arrived.push('first'))
  await clock.run(1_500)
  expect(arrived).toEqual(['under way', 'first', 'second'])
  expect(delivery.isClear).toBe(true)
})
