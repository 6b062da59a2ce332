// A text under work as a form without script: begun, saved by two, merged, both shown where both changed one place, locked.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, SECRETARY, CHIEF, STAFF } from './lib/office.mjs'

async function plain(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: false, locale: 'zh-CN',
        viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    await signIn(page, login)
    return page
}

test('没有脚本也能拟稿：两人各改一处自动合并，改了同一处给两人看', async t => {
    const a = await plain(t, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('[name=title]', '关于做好防汛工作的通知')
    await a.screenshot({ path: `${t.shots}/manuscript-new.png` })
    await a.click('text=开始写')
    const path = new URL(a.url()).pathname
    await a.fill('[name=text]', '关于做好防汛工作的通知\n\n各部门：\n一、加强值守。\n二、备足物资。')
    await a.click('.deskplain button')
    assert.match(await a.textContent('.note.ok'), /已保存/)
    await a.fill('[name=who]', CHIEF)
    await a.click('form[action$=people] button:has-text("邀请")')

    const b = await plain(t, CHIEF)
    await b.goto('/manuscripts')
    assert.match(await b.textContent('tbody'), /请您修改/)
    await b.screenshot({ path: `${t.shots}/manuscripts.png` })
    await b.goto(path)
    const mine = await b.inputValue('[name=text]')
    await a.goto(path)
    await a.fill('[name=text]', mine.replace('加强值守', '加强值班值守'))
    await a.click('.deskplain button')
    await b.fill('[name=text]', mine + '\n三、及时报告。')
    await b.click('.deskplain button')
    assert.match(await b.textContent('.note.ok'), /并入了别人刚才的修改/)
    assert.match((await data(b, path)).text, /加强值班值守。\n二、备足物资。\n三、及时报告。$/)
    await b.screenshot({ path: `${t.shots}/manuscript.png`, fullPage: true })

    await a.fill('[name=text]', (await a.inputValue('[name=text]')).replace('备足物资', '备足防汛物资'))
    await b.fill('[name=text]', (await b.inputValue('[name=text]')).replace('备足物资', '备足物资、车辆'))
    await b.click('.deskplain button')
    await a.click('.deskplain button')
    assert.match(await a.textContent('h1'), /两人改了同一处/)
    assert.match(await a.textContent('table'), /备足物资、车辆[\s\S]*备足防汛物资/)
    await a.screenshot({ path: `${t.shots}/manuscript-conflict.png`, fullPage: true })
    await a.fill('[name=text]', (await a.inputValue('[name=text]')).replace('备足防汛物资', '备足防汛物资、车辆'))
    await a.click('.deskplain button')
    assert.match((await data(a, path)).text, /备足防汛物资、车辆。\n三、及时报告。$/)

    await a.fill('[name=why]', '已送签')
    await a.click('button[value=lock]')
    assert.match(await a.textContent('.note:has-text("锁定")'), /锁定：已送签/)
    assert.equal(await a.locator('textarea[readonly]').count(), 1)

    const c = await plain(t, STAFF)
    assert.equal((await c.goto(path)).status(), 404)
    for (const page of [a, b, c]) await page.context().close()
})

test('文稿各页在手机上不横向滚动', { phone: true }, async t => {
    await signIn(t.page, SECRETARY)
    for (const path of ['/manuscripts', '/manuscripts/new']) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, path)
    }
    await t.page.fill('[name=title]', '关于召开二〇二六年第三季度安全生产工作例会的通知')
    await t.page.click('text=开始写')
    assert.ok(await overflow(t.page) <= 0, 'one')
    await t.shot('manuscript-phone', { fullPage: true })
})

test('存稿、对照、红线稿、恢复', async t => {
    const a = await plain(t, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('main [name=title]', '关于加强安全检查的通知')
    await a.click('main button.go')
    const path = new URL(a.url()).pathname
    const write = async words => { await a.goto(path); await a.fill('[name=text]', words); await a.click('.deskplain button') }
    const freeze = async name => { await a.goto(`${path}/versions`); await a.fill('main [name=name]', name); await a.click('button[value=freeze]') }
    await write('关于加强安全检查的通知\n\n各部门：\n一、每月检查一次。\n二、及时整改。')
    await freeze('征求意见稿')
    await write('关于加强安全检查的通知\n\n各部门：\n一、每季度检查一次。\n二、及时整改。')
    await freeze('送审稿')
    assert.equal(await a.locator('tbody tr').count(), 2)
    await a.screenshot({ path: `${t.shots}/manuscript-versions.png` })
    const ids = (await data(a, `${path}/versions`)).rows.map(r => r.id)
    await a.check(`[name=a][value="${ids[1]}"]`)
    await a.check(`[name=b][value="${ids[0]}"]`)
    await a.click('button[form=two]')
    assert.match(await a.textContent('.cmp'), /征求意见稿[\s\S]*送审稿[\s\S]*每月[\s\S]*每季度/)
    await a.screenshot({ path: `${t.shots}/manuscript-compare.png` })
    const [docx] = await Promise.all([a.waitForEvent('download'), a.click('text=下载红线稿')])
    assert.match(docx.suggestedFilename(), /征求意见稿至送审稿，红线稿\S*\.docx$/)
    await a.goto(`${path}/versions`)
    await a.click('button[value=restore]')
    assert.match(await a.textContent('.note.ok'), /已恢复/)
    assert.match((await data(a, path)).text, /每月检查/)
    await a.context().close()
})

test('批注和修改建议：受邀的人提，拟稿人一条一条定', async t => {
    const a = await plain(t, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('main [name=title]', '关于加强值班的通知')
    await a.click('main button.go')
    const path = new URL(a.url()).pathname
    await a.fill('[name=text]', '关于加强值班的通知\n\n各部门：\n一、每日报告。\n二、领导带班。')
    await a.click('.deskplain button')
    await a.fill('[name=who]', CHIEF)
    await a.uncheck('[name=writes]')
    await a.click('form[action$=people] button:has-text("邀请")')

    const b = await plain(t, CHIEF)
    const say = async (act, fields) => {
        await b.goto(`${path}/notes`)
        for (const [name, v] of Object.entries(fields)) await b.locator(`form:has(blockquote), form:has([name=quote]) >> [name=${name}]`).last().fill(v)
        await b.click(`button[value=${act}]`)
    }
    await say('comment', { quote: '各部门', words: '要不要加所属单位？' })
    await say('suggest', { quote: '每日报告', put: '每日17时前报告', words: '写明时间' })
    await say('suggest', { quote: '领导带班', put: '领导在岗带班' })
    await say('comment', { quote: '没有这一句', words: '？' })
    assert.match(await b.textContent('main'), /文稿里没有“没有这一句”/)
    assert.equal(await b.locator('button[value=accept]').count(), 1) // his own comment only

    await a.goto(path)
    assert.match(await a.textContent('.mscside'), /3条未办/)
    await a.goto(`${path}/notes`)
    await a.screenshot({ path: `${t.shots}/manuscript-notes.png`, fullPage: true })
    await a.locator('.mnote', { hasText: '17时' }).locator('button[value=accept]').click()
    await a.locator('.mnote', { hasText: '在岗' }).locator('button[value=refuse]').click()
    const one = a.locator('.mnote', { hasText: '所属单位' })
    await one.locator('[name=words]').fill('不加')
    await one.locator('button[value=reply]').click()
    assert.equal(await a.locator('.mnote').count(), 2)
    assert.match((await data(a, path)).text, /一、每日17时前报告。\n二、领导带班。/)
    await a.goto(`${path}/notes?all=1`)
    assert.match(await a.textContent('.mnotes'), /采纳[\s\S]*未采纳/)
    for (const page of [a, b]) await page.context().close()
})
