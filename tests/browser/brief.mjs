import { writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, overflow, signIn } from './lib/office.mjs'

const LEADER = 'shiwc'
const ids = rows => rows.map(r => r.link.replace(/\?.*/, ''))
const pages = pdf => {
    writeFileSync(join(tmpdir(), 'qs-brief.pdf'), pdf)
    return Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [join(tmpdir(), 'qs-brief.pdf')], { encoding: 'utf8' }))[1])
}

test('今日要情：一张纸，件数点开正是那几件，打印和PDF都是一页', async t => {
    t.expectProblem(/400|404/)
    await signIn(t.page, SECRETARY)
    await t.goto('/')
    await t.page.click('nav >> text=今日要情')
    await t.page.waitForURL(/\/brief/)
    const p = await data(t.page, '/brief')
    assert.equal(p.name, '秘书科')
    for (const key of ['decide', 'late', 'stuck']) assert.ok(p.parts.some(s => s.key === key), key)
    for (const s of p.parts) {
        const all = (await data(t.page, s.link)).parts[0]
        assert.equal(all.rows.length, s.rows.length + s.rest, s.name)
        assert.equal(all.count, s.count)
        assert.equal(Number.parseInt(s.count, 10), all.rows.length)
        assert.deepEqual(ids(all.rows).slice(0, s.rows.length), ids(s.rows))
        assert.ok(s.rows.every(r => !r.secret))
    }
    // what is late in the list of matters is what stands there
    const today = p.day
    const late = (await data(t.page, '/items?box=all&sort=due')).rows.filter(r => !r.closed && r.due && r.due < today)
    const part = (await data(t.page, '/brief?part=late')).parts[0]
    for (const r of late) assert.ok(part.rows.some(x => x.title === r.title), r.title)
    const decide = p.parts.find(s => s.key === 'decide').rows
    assert.ok(decide.every(r => r.who && r.when))
    const main = await t.page.textContent('.briefsheet')
    for (const s of p.parts) assert.ok(main.includes(s.name) && main.includes(s.rows[0].title), s.name)
    await t.shot('brief', { fullPage: true })
    await t.page.emulateMedia({ media: 'print' })
    assert.equal(pages(await t.page.pdf({ preferCSSPageSize: true })), 1)
    await t.page.emulateMedia({ media: 'screen' })
    const pdf = await t.page.request.get(p.pdf)
    assert.equal(pdf.headers()['content-type'], 'application/pdf')
    assert.equal(pages(await pdf.body()), 1)
    await t.page.click(`.briefsheet li a >> nth=0`)
    await t.page.waitForURL(/\/items\/\d+/)
    for (const bad of ['/brief?x=1', '/brief?day=7月', '/brief?for=x'])
        assert.equal((await t.page.request.get(bad)).status(), 400, bad)
    assert.equal((await t.page.request.get('/brief?day=2020-01-02')).status(), 404)
    assert.equal((await t.page.request.get('/brief?part=none')).status(), 404)
})

test('今日要情：各看各的，别人的看不到', async t => {
    t.expectProblem(/403/)
    await signIn(t.page, LEADER)
    const own = await data(t.page, '/brief')
    assert.notEqual(own.name, '秘书科')
    assert.equal(own.audiences.length, 1)
    assert.equal((await t.page.request.get('/brief?for=0')).status(), 403)
    await t.page.context().clearCookies()
    await signIn(t.page, STAFF)
    await t.goto('/')
    assert.equal(await t.page.locator('nav >> text=今日要情').count(), 0)
    assert.equal((await t.page.request.get('/brief')).status(), 403)
    assert.equal((await t.page.request.get('/brief/pdf')).status(), 403)
    await t.page.context().clearCookies()
    await signIn(t.page, SECRETARY)
    const s = await data(t.page, '/brief')
    const his = s.audiences.find(a => a.name === own.name)
    await t.goto(his.value)
    assert.match(await t.page.textContent('.brieffor'), new RegExp(`送：${own.name}`))
    assert.equal(await t.page.locator('form[action="/brief/note"]').count(), 0)
})

test('今日要情：在通知设置里勾了邮件，保存后还勾着；只发邮件，不发群', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/account/notices')
    const tick = t.page.getByLabel('今日要情发邮件')
    assert.equal(await t.page.getByLabel('今日要情发到本单位群').count(), 0)
    assert.equal(await t.page.getByLabel('特急呼叫发邮件').count(), 0, '特急呼叫不由人选')
    await t.page.fill('[name=mail]', 'mishu@example.cn')
    await tick.check()
    await t.page.click('form:has([name=mail_kind]) button.go')
    await t.page.waitForLoadState()
    await t.goto('/account/notices')
    assert.ok(await tick.isChecked())
})

test('今日要情：科长写一句提示，印在下一期最上面', async t => {
    t.expectProblem(/422/)
    await signIn(t.page, CHIEF)
    await t.goto('/brief')
    const p = await data(t.page, '/brief')
    assert.ok(p.may_note && p.note_day >= p.day)
    await t.page.fill('[name=note]', '王书记今日外出，急件请电话请示')
    await t.page.click('form[action="/brief/note"] button')
    await t.page.waitForURL(/\/brief/)
    assert.match(await t.page.textContent('main'), /的提示已保存/)
    const q = await data(t.page, '/brief')
    assert.equal(q.next_note, '王书记今日外出，急件请电话请示')
    if (q.note_day === q.day) assert.match(await t.page.textContent('.briefnote'), /急件请电话请示/)
    await t.shot('brief-note')
    await t.page.fill('[name=day]', '2020-01-02')
    await t.page.fill('[name=note]', '太晚了')
    await t.page.click('form[action="/brief/note"] button')
    assert.match(await t.page.textContent('main'), /今天或以后/)
    assert.equal(await t.page.inputValue('[name=note]'), '太晚了')
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/brief')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('brief-390', { fullPage: true })
})

test('回复请办时存常用语：没有脚本也不丢已填的，也不算回复', async t => {
    await signIn(t.page, LEADER)
    const rows = (await data(t.page, '/items?box=todo')).rows
    let ask
    for (const r of rows) ask ??= (await data(t.page, r.link.replace(/\?.*/, ''))).my_asks[0]?.id
    assert.ok(ask, '领导有等他回复的请办')
    const context = await t.page.context().browser().newContext({ baseURL: new URL(t.page.url()).origin, javaScriptEnabled: false })
    const page = await context.newPage()
    await signIn(page, LEADER)
    await page.goto(`/asks/${ask}`)
    await page.fill('#text', '请按程序办理，及时报结果')
    await page.click('text=存为常用语')
    assert.match(await page.textContent('main'), /已存为常用语/)
    assert.equal(await page.inputValue('#text'), '请按程序办理，及时报结果')
    await context.close()
    await t.goto(`/asks/${ask}`)
    await t.page.click('.phrases .chip >> text=请按程序办理')
    assert.equal(await t.page.inputValue('#text'), '请按程序办理，及时报结果')
    assert.ok((await data(t.page, `/asks/${ask}`)).may_answer)
})
