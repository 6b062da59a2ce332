// Pen corrections on paper: a printed version, corrected by a leader, entered by a clerk while another goes on writing, looked at by a second person.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, SECRETARY, CHIEF } from './lib/office.mjs'

async function plain(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: false, locale: 'zh-CN', viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    await signIn(page, login)
    return page
}

test('录入笔改：对着印的那一稿录，成一稿、并入文稿，另一人核对', async t => {
    const a = await plain(t, SECRETARY), b = await plain(t, CHIEF)
    await a.goto('/manuscripts/new')
    await a.fill('[name=title]', '关于冬季施工的报告')
    await a.click('text=开始写')
    const path = new URL(a.url()).pathname
    const body = '关于冬季施工的报告\n\n公司：\n一、落实责任。\n二、备足物资。\n三、及时报告。'
    await a.fill('[name=text]', body)
    await a.click('.deskplain button')
    await a.goto(`${path}/pens`)
    assert.match(await a.textContent('#main'), /还没有存过稿/)
    await a.goto(`${path}/versions`)
    await a.fill('[name=name]', '送审稿')
    await a.click('button[value=freeze]')
    await a.goto(path)
    await a.fill('form[action$=people] [name=who]', CHIEF)
    await a.click('form[action$=people] button:has-text("邀请")')
    await a.click('a:has-text("录入笔改")')
    await a.fill('[name=who]', '李书记')
    await a.fill('[name=day]', '2026-11-20')
    await a.click('text=开始录')
    const pen = new URL(a.url()).pathname
    assert.equal((await a.inputValue('[name=text]')).replace(/\r/g, ''), body)
    await a.fill('[name=text]', body.replace('落实责任', '压实各级责任'))
    await a.click('button[value=keep]')
    assert.match(await a.textContent('.cmp'), /压实各级责任/)
    assert.ok(await overflow(a) <= 0)
    await a.screenshot({ path: `${t.shots}/pen.png`, fullPage: true })
    // another writes on meanwhile, in another place
    await b.goto(path)
    await b.fill('[name=text]', (await b.inputValue('[name=text]')).replace('及时报告', '每天报告'))
    await b.click('.deskplain button')
    await a.goto(pen)
    await a.click('button[value=finish]')
    assert.match(await a.textContent('.note.ok'), /已录完/)
    assert.equal((await data(a, path)).text, body.replace('落实责任', '压实各级责任').replace('及时报告', '每天报告'))
    assert.equal(await a.locator('button[value=right]').count(), 0)
    await a.click('a:has-text("对照")')
    assert.match(await a.textContent('.cmp'), /送审稿[\s\S]*李书记 11月20日 笔改[\s\S]*压实各级责任/)
    assert.doesNotMatch(await a.textContent('.cmp'), /每天报告/)
    await b.goto(`${path}/pens`)
    await b.click('button[value=right]')
    assert.match(await b.textContent('table'), /核对无误/)
    await b.screenshot({ path: `${t.shots}/pens.png`, fullPage: true })
    const p = await data(b, `${path}/pens`)
    assert.equal(p.rows[0].state, 'done')
    const docx = await b.request.get(p.rows[0].redline)
    assert.equal((await docx.body()).subarray(0, 2).toString(), 'PK')
    await b.setViewportSize({ width: 390, height: 844 })
    await b.goto(`${path}/pens`)
    assert.ok(await overflow(b) <= 0)
    await b.screenshot({ path: `${t.shots}/phone-pens.png`, fullPage: true })
    await b.goto(pen)
    assert.ok(await overflow(b) <= 0)
    await b.screenshot({ path: `${t.shots}/phone-pen.png`, fullPage: true })
    for (const page of [a, b]) await page.context().close()
})
