import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, overflow, signIn } from './lib/office.mjs'

// The directive of the demonstration that is under way: eight units were asked, 路桥公司 has two projects below it.
const TITLE = '关于进一步精文减会切实为基层减负的若干措施'
const LUQIAO = 'luxy', QINGXI = 'qingxz', YANHUI = 'yanhs', SHUILI = 'shuiyl', XUANCHUAN = 'lanty'

async function directive(page) {
    const { columns } = await data(page, '/matrix?kind=relay')
    return columns.find(c => c.title === TITLE).item
}
const row = async (page, item, who) => (await data(page, `/items/${item}/asks`)).rows.find(r => r.who === who)
const line = (page, who) => page.locator('.asklist tbody tr', { has: page.locator('td.title a', { hasText: new RegExp(`^${who}$`) }) })

/** Another person in a browser of his own. */
async function other(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    await signIn(page, login)
    return { page, close: () => context.close() }
}

test('回执：谁看了、谁签了、谁反馈了，逐个单位看得见，开着的页面自己更新', async t => {
    await signIn(t.page, SECRETARY)
    const item = await directive(t.page)
    const ask = await row(t.page, item, '水利公司')
    await t.goto(`/items/${item}/asks`)
    assert.match(await line(t.page, '水利公司').textContent(), /未查看/)
    assert.match(await line(t.page, '组织部').textContent(), /已将基层报表.*已反馈/s)
    await line(t.page, '宣传部').locator('input').check()
    const unit = await other(t, SHUILI)
    await unit.page.goto(ask.link) // opening it is seeing it
    assert.match(await unit.page.textContent('.panel h2'), /请水利公司传达贯彻/)
    await line(t.page, '水利公司').locator('.st', { hasText: '已查看' }).waitFor()
    await unit.page.check('input[value="已收"]')
    await unit.page.click('button:text-is("回复")')
    await line(t.page, '水利公司').locator('.st', { hasText: '已收' }).waitFor()
    assert.ok(await line(t.page, '宣传部').locator('input').isChecked()) // what was ticked stays ticked
    const now = await row(t.page, item, '水利公司')
    assert.ok(now.seen >= ask.sent && now.received >= now.seen && !now.answered)
    await t.shot('relay-tree')
    await unit.page.goto(ask.link) // what was said cannot be said again
    assert.deepEqual(await unit.page.$$eval('input[type=radio][name=word]', v => v.map(e => e.value)), ['已反馈'])
    await unit.close()
})

test('传达：联络员转给下级，上级看着树长满；下级没反馈完先提醒；各看各的', async t => {
    await signIn(t.page, CHIEF)
    const item = await directive(t.page)
    const top = await row(t.page, item, '路桥公司')
    await t.goto(`/items/${item}/asks`)
    const unit = await other(t, LUQIAO)
    await unit.page.goto(top.link)
    const offered = await unit.page.$$eval('input[name=unit]', v => v.map(e => e.parentElement.textContent.trim()))
    assert.deepEqual(offered, ['青溪河项目部', '雁回项目部']) // its own, nobody else's
    await unit.page.check('label:has-text("青溪河项目部") input')
    await unit.page.check('label:has-text("雁回项目部") input')
    await unit.page.fill('input[name=purpose]', '请梳理本项目报表')
    await unit.page.click('button:text("转下去")')
    assert.match(await unit.page.textContent('.note.ok'), /已转给2个对象/)
    await line(t.page, '青溪河项目部').waitFor() // on the page of the office, without loading it again
    const below = await row(t.page, item, '青溪河项目部'), beside = await row(t.page, item, '雁回项目部')
    assert.deepEqual([below.depth, below.purpose], [1, '请梳理本项目报表'])

    const project = await other(t, QINGXI)
    await project.page.goto(below.link)
    assert.match(await project.page.textContent('main'), /请青溪河项目部梳理本项目报表/)
    await project.page.check('input[value="已反馈"]')
    t.expectProblem(/400/)
    await project.page.click('button:text-is("回复")')
    assert.match(await project.page.textContent('.note.bad'), /“已反馈”要写明情况/)
    await project.page.fill('textarea[name=text]', '周报、月报合并，减少七张。')
    await project.page.click('button:text-is("回复")')
    await line(t.page, '青溪河项目部').locator('.st', { hasText: '已反馈' }).waitFor()
    assert.match(await line(t.page, '路桥公司').textContent(), /已签1\/2，反馈1/)

    // each his own branch
    const mine = await data(project.page, `/items/${item}/asks`)
    assert.deepEqual(mine.rows.map(r => r.who), ['青溪河项目部'])
    assert.equal(mine.whole, false)
    for (const link of [beside.link, top.link])
        assert.equal((await project.page.request.get(link, { headers: { Accept: 'application/json' } })).status(), 404)

    // the liaison begins with what came from below, and is told that one is missing
    await unit.page.goto(`${top.link}?take=1`)
    assert.match(await unit.page.inputValue('textarea[name=text]'), /青溪河项目部：周报、月报合并/)
    assert.match(await unit.page.textContent('form .note'), /下级还有1家未反馈/)
    await unit.page.check('input[value="已反馈"]')
    await unit.page.fill('textarea[name=text]', '路桥公司已汇总，雁回项目部随后补报。')
    await unit.page.click('button:text-is("回复")')
    assert.match(await unit.page.textContent('.note.bad'), /下级还有1家未反馈/)
    assert.match(await unit.page.inputValue('textarea[name=text]'), /随后补报/) // nothing typed is lost
    await unit.page.check('input[name=despite]')
    await unit.page.check('input[value="已反馈"]')
    await unit.page.click('button:text-is("回复")')
    await line(t.page, '路桥公司').locator('.st', { hasText: '已反馈' }).waitFor()
    await t.shot('relay-branch')
    await t.goto(top.link)
    await t.shot('relay-ask', { fullPage: true })
    await unit.close()
    await project.close()
})

test('传阅：写明为什么送，不等也能办下一步；要佐证的没有佐证不算数', async t => {
    await signIn(t.page, SECRETARY)
    const item = await directive(t.page)
    await t.goto(`/items/${item}/ask`)
    await t.page.click('button:text("送出")') // the purpose is wanted by the form itself
    await t.page.fill('input[name=purpose]', '供起草减负总结时参考')
    await t.page.fill('input[name=people]', '李四、没有这个人')
    t.expectProblem(/400/)
    await t.page.click('button:text("送出")')
    assert.match(await t.page.textContent('.note.bad'), /没有“没有这个人”/)
    assert.equal(await t.page.inputValue('input[name=purpose]'), '供起草减负总结时参考')
    await t.page.fill('input[name=people]', '李四')
    await t.page.check('input[name=word][value="已读"]')
    await t.page.uncheck('input[name=word][value="已收"]')
    await t.page.uncheck('input[name=word][value="已反馈"]')
    await t.page.uncheck('input[name=need_text][value="已反馈"]')
    await t.page.check('input[name=need_files][value="已读"]')
    await t.shot('relay-send', { fullPage: true })
    await t.page.click('button:text("送出")')
    await t.page.waitForURL(/\/items\/\d+/)
    const ask = await row(t.page, item, '李四')
    assert.equal(ask.purpose, '供起草减负总结时参考')

    const reader = await other(t, 'lisi')
    // the list says why it came, before anything is opened (W3); whoever sent it is not asked
    await reader.page.goto('/items?box=read')
    assert.match(await reader.page.textContent(`tr#i${item} .why`), /事由：供起草减负总结时参考/)
    await reader.page.screenshot({ path: 'build/browser/items-why.png' })
    assert.equal((await data(t.page, '/items?box=all')).rows.find(r => r.id === item)?.purpose ?? '', '')
    await reader.page.goto(ask.link)
    assert.match(await reader.page.textContent('h2'), /张三请李四供起草减负总结时参考/)
    await reader.page.click('button:text-is("回复")')
    assert.match(await reader.page.textContent('.note.bad'), /“已读”要附佐证材料/)
    await reader.page.setInputFiles('input[name=evidence]', { name: '学习记录.txt', mimeType: 'text/plain', buffer: Buffer.from('十一月二十三日学习记录') })
    await reader.page.click('button:text-is("回复")')
    await reader.page.waitForSelector('.note.ok')
    const given = await row(t.page, item, '李四')
    assert.equal(given.word, '已读')
    assert.equal(given.files[0].name, '学习记录.txt')
    assert.match(given.files[0].link, new RegExp(`^/items/${item}/files/`))
    // the link of the item's own page brings the file as it was, to be saved and never shown by the browser
    await t.goto(`/items/${item}`)
    const [saved] = await Promise.all([t.page.waitForEvent('download'), t.page.click('#asks a.basis:text("学习记录.txt")')])
    assert.equal(saved.suggestedFilename(), '学习记录.txt')
    assert.equal(readFileSync(await saved.path(), 'utf8'), '十一月二十三日学习记录')
    const { headers } = await t.page.request.get(given.files[0].link).then(r => ({ headers: r.headers() }))
    assert.equal(headers['content-type'], 'application/octet-stream')
    assert.match(headers['content-disposition'], /^attachment/)
    await reader.close()
})

test('催办：矩阵里逐个单位选，答复过的选不到，催过的有记录', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/matrix?kind=relay')
    const before = await data(t.page, '/matrix?kind=relay')
    const at = before.columns.findIndex(c => c.title === TITLE)
    const cells = before.rows.flatMap(r => r.cells).filter(c => c.ask)
    assert.equal(await t.page.locator('.mx input[name=ask]').count(), cells.filter(c => c.may_chase).length)
    assert.ok(cells.every(c => c.mark !== 'done' || !c.may_chase))
    const xuan = before.rows.find(r => r.name === '宣传部').cells[at]
    await t.page.check(`.mx input[value="${xuan.ask}"]`)
    assert.match(await t.page.textContent('.mx-acts button'), /（1）/)
    await t.page.fill('.mx-acts input[name=text]', '请今天下班前反馈')
    await t.page.click('.mx-acts button')
    assert.match(await t.page.textContent('.note.ok'), /已催办/)
    const after = await data(t.page, '/matrix?kind=relay')
    for (const [i, r] of after.rows.entries()) for (const [k, c] of r.cells.entries())
        assert.equal(c.reminded, before.rows[i].cells[k].reminded + (c.ask === xuan.ask ? 1 : 0))
    await t.shot('relay-matrix')
    const [book] = await Promise.all([t.page.waitForEvent('download'), t.page.click('a:text-is("导出")')])
    assert.match(book.suggestedFilename(), /^上级指示传达矩阵\d{8}\.xlsx$/)
    const bytes = await readFile(await book.path())
    assert.equal(bytes.subarray(0, 2).toString(), 'PK')
    assert.ok(bytes.length > 6000)
    await t.page.selectOption('select[name=sort]', 'slowest')
    await t.page.check('input[name=unfinished]')
    await t.page.click('button:text("查看")')
    assert.equal(await t.page.locator('.mx .done').count(), 0)
    const unit = await other(t, XUANCHUAN)
    assert.deepEqual((await data(unit.page, '/matrix?kind=relay')).rows.map(r => r.name), ['宣传部'])
    await unit.close()
})

test('传达：手机上看矩阵和树', { phone: true }, async t => {
    await signIn(t.page, CHIEF)
    for (const path of ['/matrix?kind=relay', '/matrix?kind=relay&view=latency', `/items/${await directive(t.page)}/asks`]) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, path)
    }
    await t.shot('relay-tree-phone')
    await t.goto('/matrix?kind=relay')
    await t.page.locator('.mx-list summary').first().click()
    await t.shot('relay-matrix-phone')
    await t.page.locator('.mx-list li a').first().click()
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('relay-ask-phone', { fullPage: true })
})
