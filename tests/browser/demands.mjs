// Written demands of offices that have no test of their own elsewhere, done as they would do it: U6, W2, and a newer kind taken over.
// The others: W1 W3 relay.mjs, W15 W16 item.mjs, W21 W22 ledger.mjs, W2 also notice.mjs.
import { assert, test } from './harness.mjs'
import { CHIEF, data, items, signIn } from './lib/office.mjs'

/** Another person in a browser of his own. */
async function other(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    await signIn(page, login)
    return { page, close: () => context.close() }
}

// U6: receipts with meaning: 已收, 已研究, 已部署, 已反馈, each with the words or the evidence that it wants, in the matrix; chasing stops unit by unit
test('回执有含义：已收、已研究、已部署、已反馈各要各的，矩阵里逐格看得到，谁答完就不再催谁（U6）', async t => {
    const [item] = items({ verb: 'open', as: 'wangwu', kind: 'supervision', at: '-2d 09:00', fields: { demand: '传达安全会议精神', category: '上级部署', lead: 'G-GC', due: '+9d' } })
    await signIn(t.page, CHIEF)
    await t.goto(`/items/${item}/ask`)
    await t.page.fill('input[name=purpose]', '研究部署')
    await t.page.check('label:text-is("工程部") input[name=unit]')
    await t.page.check('label:text-is("路桥公司") input[name=unit]')
    for (const word of ['已收', '已研究', '已部署', '已反馈']) await t.page.check(`input[name=word][value="${word}"]`)
    await t.page.check('input[name=need_text][value="已部署"]')
    await t.page.check('input[name=need_text][value="已反馈"]')
    await t.page.check('input[name=need_files][value="已反馈"]')
    await t.page.click('button:text("送出")')
    await t.page.waitForURL(/\/items\/\d+/)
    const row = async who => (await data(t.page, `/items/${item}/asks`)).rows.find(r => r.who === who)
    const cell = async who => {
        const m = await data(t.page, '/matrix?kind=supervision')
        return m.rows.find(r => r.name === who).cells[m.columns.findIndex(c => c.item === String(item))]
    }
    assert.equal((await cell('工程部')).state, '未查看')

    const unit = await other(t, 'qiaofj')
    t.expectProblem(/400/)
    const link = (await row('工程部')).link
    const answer = async (word, fill) => {
        await unit.page.goto(link)
        await unit.page.check(`input[type=radio][value="${word}"]`)
        if (fill) await fill()
        await unit.page.click('button:text-is("回复")')
        await unit.page.waitForLoadState()
    }
    await answer('已收')
    assert.equal((await cell('工程部')).state, '已收')
    await answer('已研究')
    assert.equal((await cell('工程部')).state, '已研究')
    await answer('已部署') // in how many words? in none: that does not count
    assert.match(await unit.page.textContent('.note.bad'), /“已部署”要写明/)
    assert.equal((await cell('工程部')).state, '已研究')
    await answer('已部署', () => unit.page.fill('textarea[name=text]', '已开专题会，分到三个项目部。'))
    assert.equal((await cell('工程部')).state, '已部署')
    assert.equal((await cell('工程部')).mark, 'part') // on its way, and still chased
    await answer('已反馈', () => unit.page.fill('textarea[name=text]', '三个项目部都已落实。'))
    assert.match(await unit.page.textContent('.note.bad'), /“已反馈”要附佐证材料/)
    assert.match(await unit.page.inputValue('textarea[name=text]'), /三个项目部都已落实/)
    await answer('已反馈', async () => {
        await unit.page.fill('textarea[name=text]', '三个项目部都已落实。')
        await unit.page.setInputFiles('input[name=evidence]', { name: '会议照片说明.txt', mimeType: 'text/plain', buffer: Buffer.from('三张照片的说明') })
    })
    const done = await cell('工程部')
    assert.deepEqual([done.state, done.mark, done.may_chase], ['已反馈', 'done', false])
    assert.equal((await row('工程部')).files[0].name, '会议照片说明.txt')
    await unit.close()

    // whoever has answered is not chased any more, whoever has not is
    await t.goto(`/items/${item}/asks`)
    const before = (await row('工程部')).reminded
    await t.page.click('button:text("催办所有没有答复的")')
    await t.page.waitForSelector('.note.ok')
    assert.equal((await row('工程部')).reminded, before)
    assert.equal((await row('路桥公司')).reminded, 1)
    await t.goto('/matrix?kind=supervision')
    await t.shot('demand-u6')
})

test('种类有了新版：在办的照旧，科长点一下换用，内容历程不变；别人没有这个按钮', async t => {
    const [item] = items({ verb: 'open', as: 'wangwu', kind: 'supervision', at: '-1d 09:00', fields: { demand: '老版本立项的事', category: '重点工作', lead: 'G-GC', due: '+9d' } })
    await signIn(t.page, CHIEF)
    await t.goto(`/items/${item}`)
    const verb = page => page.locator('a:text-is("换用新版"), summary:text-is("换用新版")')
    assert.equal(await verb(t.page).count(), 0) // there is none to take over
    const text = (await data(t.page, '/kinds/supervision')).text
    await t.goto('/kinds/supervision/edit')
    await t.page.fill('textarea[name=text]', text.replace('name: 完成标准', 'name: 办成什么样'))
    await t.page.click('button:text("发布")')
    await t.page.waitForURL(/\/kinds\/supervision$/)
    const version = (await data(t.page, '/kinds/supervision')).version
    assert.ok(version > 1)
    const before = await data(t.page, `/items/${item}`)
    const owner = await other(t, 'wangwu')
    await owner.page.goto(`/items/${item}/edit`)
    assert.match(await owner.page.textContent('main'), /完成标准/) // the version it began under
    await owner.page.goto(`/items/${item}`)
    assert.equal(await verb(owner.page).count(), 0)
    t.expectProblem(/403/)
    await t.goto(`/items/${item}`)
    await verb(t.page).click()
    await t.page.locator('form:visible button:text-is("换用新版")').click()
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.note.ok'), /已换用种类的新版/)
    const after = await data(t.page, `/items/${item}`)
    assert.equal(after.title, before.title)
    assert.equal(after.state, before.state)
    await t.goto(`/items/${item}`)
    assert.match(await t.page.textContent('main'), new RegExp(`第${version}版|新版`))
    assert.equal(await verb(t.page).count(), 0)
    await owner.page.goto(`/items/${item}/edit`)
    assert.match(await owner.page.textContent('main'), /办成什么样/)
    await t.shot('upgraded')
    await owner.close()
})
