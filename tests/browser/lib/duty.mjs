// Duty as the tests use it.
import { data } from './office.mjs'

/** The shift that is on. By day of a working day there is none: then one is made, from two minutes ago for twenty minutes, or until the evening's
 * begins: two at once are refused. `page` is the chief's. */
export async function shiftNow(page, people = { a: 'lisi', b: 'wangwu', leader: 'linyg' }) {
    const { now: [on], shifts } = await data(page, '/duty')
    if (on) return on
    const hour = ms => new Date(Date.now() + 8 * 3600e3 + ms).toISOString().slice(0, 16), today = hour(0).slice(0, 10)
    const next = shifts.filter(s => !s.past && s.day === `${Number(today.slice(5, 7))}月${Number(today.slice(8))}日`).map(s => `${today}T${s.time.slice(0, 5)}`)
    await page.goto('/duty/shifts/new')
    await page.fill('[name=from]', hour(-120e3))
    await page.fill('[name=to]', [hour(1200e3), ...next].sort()[0])
    for (const [name, who] of Object.entries(people)) await page.fill(`[name=${name}]`, who)
    await page.click('button[value=save]')
    await page.waitForSelector('.note.ok')
    return (await data(page, '/duty')).now[0]
}
