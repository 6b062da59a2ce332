// A meeting in the calendar and on the page of the morning; a calendar for the telephone: its address, what it fetches, revoked.
import { assert, test } from './harness.mjs'
import { CHIEF, data, items, overflow, signIn } from './lib/office.mjs'

const iso = days => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10)

test('会议进日历、进今日要情、进手机日历；地址停用以后打不开', async t => {
    items({ verb: 'open', as: 'zhangsan', ref: 'a', kind: 'meeting', fields: { subject: '防汛会商', begin: `${iso(0)} 23:10`, end: `${iso(0)} 23:50`, place: '三楼会议室' } },
        { verb: 'open', as: CHIEF, ref: 'b', kind: 'meeting', fields: { subject: '科务会', begin: `${iso(1)} 09:00`, end: `${iso(1)} 10:00`, place: '201' } })
    await signIn(t.page, CHIEF)
    await t.goto('/calendar')
    assert.match(await t.page.textContent('.cal'), /23:10\s*防汛会商/)
    await t.shot('calendar-meeting')
    await t.goto(`/calendar?view=day&day=${iso(0)}`)
    assert.match(await t.page.textContent('.agenda'), /23:10至23:50[^]*防汛会商[^]*三楼会议室/)
    const brief = await data(t.page, '/brief')
    assert.match(JSON.stringify(brief), /防汛会商[^]*三楼会议室/)
    await t.page.click('a:text("日历") >> nth=0')
    await t.goto('/calendar')
    await t.page.click('a:text("手机日历")')
    await t.page.fill('input[name=name]', '手机')
    await t.page.click('button:text("要一个地址")')
    const address = (await t.page.textContent('.feedaddr')).trim()
    assert.match(address, /\/calendar\/feed\/[\w-]{27}\.ics$/)
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('feed-made')
    const path = new URL(address).pathname
    const fetched = await fetch(new URL(path, t.page.url())) // no cookie: a telephone
    assert.equal(fetched.status, 200)
    assert.match(fetched.headers.get('content-type'), /^text\/calendar/)
    const text = await fetched.text()
    assert.match(text, /SUMMARY:科务会/)
    assert.ok(!text.includes('防汛会商')) // another's, in which he takes no part
    await t.goto('/calendar/feeds')
    assert.equal(await t.page.locator('.feedaddr').count(), 0) // shown once
    assert.ok(!(await t.page.content()).includes(path))
    await t.page.click('button:text("停用")')
    await t.page.waitForSelector('.note.ok')
    assert.equal((await fetch(new URL(path, t.page.url()))).status, 404)
    assert.equal((await fetch(new URL('/calendar/feed/x.ics', t.page.url()))).status, 404)
})

test('手机日历：手机宽度', { phone: true }, async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/calendar/feeds')
    await t.page.fill('input[name=name]', '手机')
    await t.page.click('button:text("要一个地址")')
    await t.page.waitForSelector('.feedaddr')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('feed-phone')
})
