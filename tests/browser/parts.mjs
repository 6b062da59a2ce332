// A speech by three authors: shared out by headings, each writes his part in one text, hands in, and the drafter sees who has not.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, items, PASSWORD, SECRETARY, CHIEF, STAFF } from './lib/office.mjs'

async function person(t, login, script = true) {
    const context = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: script, locale: 'zh-CN', viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    await signIn(page, login)
    return page
}
const open = async (page, path) => { await page.goto(path); await page.waitForSelector('.desk-on .cm-content') }
const words = page => page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
/** The words behind `mark` are put in, as somebody types them. */
const type = (page, mark, put) => page.evaluate(([mark, put]) => {
    const view = document.querySelector('.desk').desk.view, at = view.state.doc.toString().indexOf(mark) + mark.length
    view.dispatch({ changes: { from: at, insert: put }, selection: { anchor: at + put.length } })
}, [mark, put])

test('三人分工写一份讲话稿：分出去、各写各的、交稿，合在一份里', async t => {
    const boss = await person(t, SECRETARY, false)
    await boss.goto('/manuscripts/new')
    await boss.fill('[name=title]', '在质量大会上的讲话')
    await boss.click('text=开始写')
    const path = new URL(boss.url()).pathname
    await boss.fill('[name=text]', '在质量大会上的讲话\n同志们：\n一、认清形势\n二、抓好落实\n三、加强领导\n谢谢大家！')
    await boss.click('.deskplain button')
    await boss.goto(`${path}/parts`)
    assert.match(await boss.textContent('.empty'), /还没有分工/)
    // without script: three headings, three authors; one of them is late already
    const give = async (heading, who, due, much = '') => {
        const form = boss.locator(`form.partplace:has-text("${heading}")`)
        await form.locator('[name=who]').fill(who)
        await form.locator('[name=due]').fill(due)
        await form.locator('[name=words]').fill(much)
        await form.locator('button').click()
        assert.match(await boss.textContent('.note.ok'), /已分出/)
    }
    await give('一、认清形势', SECRETARY, '2099-11-24T12:00')
    await give('二、抓好落实', CHIEF, '2099-11-24T15:00', '800字')
    await give('三、加强领导', STAFF, '2026-01-05T15:00')
    await boss.goto(`${path}/parts`)
    assert.equal(await boss.locator('.mparts tbody tr').count(), 3)
    assert.match(await boss.textContent('.note'), /三、加强领导，逾期，未动笔/)
    assert.equal(await boss.locator('td.partlate').count(), 1)
    assert.ok(await overflow(boss) <= 0)
    await boss.screenshot({ path: `${t.shots}/parts.png`, fullPage: true })

    // an author finds it at the portal, with the time, and among his notices; the page of parts offers him to hand in and nothing else
    const chief = await person(t, CHIEF), staff = await person(t, STAFF)
    await staff.goto('/')
    assert.match(await staff.textContent('.partmine'), /三、加强领导[\s\S]*2026-01-05 15:00 逾期没交/)
    await staff.screenshot({ path: `${t.shots}/parts-portal.png` })
    await staff.goto('/notices')
    await staff.click('.notices a:has-text("在质量大会上的讲话")')
    assert.equal(new URL(staff.url()).pathname, path)
    await staff.goto(`${path}/parts`)
    assert.equal(await staff.locator('form.partplace').count(), 0)
    assert.equal(await staff.locator('button[value=hand]').count(), 1)

    // three write in one text
    await open(chief, path)
    await open(staff, path)
    await type(chief, '二、抓好落实', '\n责任落实到人，每周查一次。')
    await chief.waitForSelector('.dk-part.mine')
    assert.match(await chief.textContent('.dk-part'), /您写的部分：二、抓好落实　写了\d+字，该写800字　[\s\S]*2099-11-24 15:00 前交/)
    await chief.screenshot({ path: `${t.shots}/parts-desk.png` })
    await type(staff, '三、加强领导', '\n领导干部到现场。')
    await staff.waitForFunction(() => document.querySelector('.desk').desk.view.state.doc.toString().includes('每周查一次'))
    await chief.waitForFunction(() => document.querySelector('.desk').desk.view.state.doc.toString().includes('到现场'))
    await chief.evaluate(() => { const v = document.querySelector('.desk').desk.view; v.dispatch({ selection: { anchor: v.state.doc.toString().indexOf('到现场') } }) })
    assert.match(await chief.textContent('.dk-part'), /写的部分：三、加强领导[\s\S]*逾期/)
    assert.equal(await chief.locator('.dk-part.mine').count(), 0)
    await chief.evaluate(() => document.querySelector('.desk').desk.view.dispatch({ selection: { anchor: 0 } }))
    assert.match(await chief.textContent('.dk-part'), /归拟稿人/)
    await boss.goto(path)
    await boss.fill('[name=text]', (await boss.inputValue('[name=text]')).replace('一、认清形势', '一、认清形势\n形势逼人。'))
    await boss.click('.deskplain button')
    assert.match(await boss.textContent('.note.ok'), /已保存/)

    // handing in; the drafter sees who has not
    const hand = async page => {
        await page.goto(`${path}/parts`)
        await page.click('button[value=hand].go')
        assert.match(await page.textContent('.note.ok'), /已交稿/)
    }
    await hand(staff)
    await hand(chief)
    let p = await data(boss, `${path}/parts`)
    assert.deepEqual(p.rows.map(r => [r.words, r.asked]), [[0, ''], [800, '该写800字'], [0, '']])
    assert.equal(p.sum, '各部分共该写800字')
    assert.deepEqual(p.rows.map(r => r.state), ['writing', 'handed', 'handed'])
    assert.match(p.waits, /^[^、]+（一、认清形势，写作中）$/)
    await boss.goto(`${path}/parts`)
    await boss.locator('tr:has-text("三、加强领导") summary').click()
    await boss.locator('tr:has-text("三、加强领导") [name=why]').fill('再写一个例子')
    await boss.locator('tr:has-text("三、加强领导") button[value=back]').click()
    await staff.goto('/notices')
    assert.match(await staff.textContent('.notices'), /请再改：再写一个例子/)
    await open(staff, path)
    await type(staff, '到现场。', '例如三公司。')
    await staff.waitForFunction(() => !document.querySelector('.desk').dataset.unsent || document.querySelector('.desk').dataset.unsent === '0')
    await boss.waitForTimeout(0)
    for (let text = ''; !text.includes('例如三公司'); text = (await data(boss, path)).text);
    await hand(staff)
    await hand(boss)
    p = await data(boss, `${path}/parts`)
    assert.equal(p.waiting, 0)
    assert.equal((await data(boss, path)).text, '在质量大会上的讲话\n同志们：\n一、认清形势\n形势逼人。\n二、抓好落实\n责任落实到人，每周查一次。\n三、加强领导\n领导干部到现场。例如三公司。\n谢谢大家！')
    await boss.goto(`${path}/parts`)
    assert.match(await boss.textContent('.note.ok'), /交齐/)
    await boss.goto(path)
    await boss.screenshot({ path: `${t.shots}/parts-manuscript.png`, fullPage: true })
    await staff.goto('/')
    assert.equal(await staff.locator('.partmine').count(), 0)
    await staff.setViewportSize({ width: 390, height: 844 })
    await staff.goto(`${path}/parts`)
    assert.ok(await overflow(staff) <= 0)
    await staff.screenshot({ path: `${t.shots}/phone-parts.png`, fullPage: true })
    await boss.setViewportSize({ width: 390, height: 844 })
    await boss.goto(`${path}/parts`)
    assert.ok(await overflow(boss) <= 0)
    await boss.screenshot({ path: `${t.shots}/phone-parts-owner.png`, fullPage: true })
    for (const page of [boss, chief, staff]) await page.context().close()
})

test('讲话任务里的分工：新拟讲话稿时写好标题、分给各人', async t => {
    const { page } = t
    items({ verb: 'open', as: SECRETARY, kind: 'speech', fields: { occasion: '2026年分工大会', speaker: 'linyg', at: '2026-12-10 09:00', minutes: '20', audience: '项目经理',
        parts: [{ part: '认清形势', who: STAFF, due: '2026-01-08 10:00' }, { part: '抓好落实', who: CHIEF, due: '2099-12-08 10:00' }] } })
    await signIn(page, SECRETARY)
    await page.goto('/speeches')
    await page.click('tr:has-text("2026年分工大会") button')
    await page.waitForURL(/\/manuscripts\/\d+/)
    const path = new URL(page.url()).pathname
    assert.match((await data(page, path)).text, /一、认清形势\n[\s\S]*\n二、抓好落实\n/)
    const p = await data(page, `${path}/parts`)
    assert.deepEqual(p.rows.map(r => [r.name, r.due, r.late]), [['一、认清形势', '2026-01-08 10:00', true], ['二、抓好落实', '2099-12-08 10:00', false]])
    await page.goto('/speeches')
    assert.match(await page.textContent('tr:has-text("2026年分工大会")'), /2部分交了0，有逾期/)
    assert.ok(await overflow(page) <= 0)
    await page.screenshot({ path: `${t.shots}/parts-speeches.png` })
    await page.goto(`${path}/parts`)
    await page.click('button[value=task]')
    assert.match(await page.textContent('.note.ok'), /都分出去了/)
    assert.equal(await page.locator('.mparts tbody tr').count(), 2)
})
