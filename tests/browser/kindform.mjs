import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, items, overflow, signIn } from './lib/office.mjs'

const knob = (page, label) => page.locator(`[aria-label="${label}"]`)
const group = (page, name) => page.locator('.kgroup', { has: page.locator(`h2:text-is("${name}")`) })

async function opened(page, name) {
    const g = group(page, name)
    if (await g.getAttribute('open') === null) await g.locator('summary').click()
    return g
}

test('改事项种类：用表单改期限、说明和印件，试办，发布；在办的照旧', { timeout: 240000 }, async t => {
    await signIn(t.page, CHIEF)
    const running = items({ verb: 'open', as: 'wangwu', kind: 'supervision', fields: { demand: '发布之前立项的', category: '领导批示', lead: 'G-GC', due: '+20d' } })[0]
    const before = (await data(t.page, '/kinds/supervision')).version
    await t.goto('/kinds/supervision')
    await t.page.click('.head a:text("修改")')
    await t.page.waitForURL(/\/kinds\/supervision\/form$/)
    await t.shot('kindform')
    await opened(t.page, '亮灯')
    const left = t.page.locator('.kgroup', { has: t.page.locator('h2:text-is("亮灯")') }).locator('input[value="lights/2/left"] + .in')
    assert.equal(await left.inputValue(), '3天')
    await left.fill('5天')
    await opened(t.page, '时限')
    await knob(t.page, '签收：多久').fill('2个工作小时')
    await opened(t.page, '字段')
    await knob(t.page, '完成期限：填写说明').fill('领导批示件一般不超过30天')
    await opened(t.page, '印件')
    await knob(t.page, '督办办结单：启用').selectOption('')
    await t.page.click('button:text("存下改动")')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.note.ok'), /还没有发布/)
    const form = await data(t.page, '/kinds/supervision/form')
    assert.deepEqual(form.differences.map(d => [d.before, d.after]), [['', '领导批示件一般不超过30天'], ['4个工作小时', '2个工作小时'], ['3天', '5天'], ['是', '否']])
    await t.shot('kindform-draft', { fullPage: true })
    // the published one is as it was; comments and order of the file have stayed
    assert.equal((await data(t.page, '/kinds/supervision')).version, before)
    await t.goto('/kinds/supervision/edit')
    const text = await t.page.inputValue('textarea[name=text]')
    const was = (await data(t.page, '/kinds/supervision')).text
    assert.equal(text.split('\n')[0], was.split('\n')[0])
    assert.equal(text.split('\n').filter((l, i) => l !== was.split('\n')[i]).length, 4)
    // tried: who is asked, until when, which lights; nothing stays
    const count = (await data(t.page, '/items?box=all&kind=supervision')).total
    await t.goto('/kinds/supervision/try')
    await t.page.locator('select[name=choice]').first().selectOption('category=领导批示')
    await t.page.click('button:text("按这些选项重走")')
    await t.page.click('button:text("直接立项")')
    await t.page.click('button:text("交办")')
    const main = await t.page.textContent('main')
    assert.match(main, /例如 督〔\d+〕\d+号/)
    assert.match(main, /可回复已收、已反馈/)
    assert.match(main, /临近期限/)
    await t.shot('kindtrial', { fullPage: true })
    await t.page.click('button:text("过七天")')
    assert.match(await t.page.locator('.trial .twhat .light').last().textContent(), /未签收/)
    await t.page.click('button:text("退一步")')
    await t.page.click('button:text("回复“已收”")')
    await t.page.click('button:text("过七天")')
    await t.page.locator('.trial .twhat .light.blue').waitFor() // 10 days given, 5 before: on the 7th it is blue
    await t.page.click('button:text("退一步")')
    await t.page.click('button:text("回复“已反馈”")')
    await t.page.click('button:text("核查通过")')
    assert.match(await t.page.textContent('main'), /已经办结/)
    assert.equal((await data(t.page, '/items?box=all&kind=supervision')).total, count)
    // a wrong value is told, what was typed stays
    await t.goto('/kinds/supervision/form')
    await opened(t.page, '时限')
    await knob(t.page, '签收：多久').fill('两小时')
    t.expectProblem(/400/)
    await t.page.click('button:text("存下改动")')
    assert.match(await t.page.textContent('.note.bad'), /第\d+行：.*“两小时”/)
    await opened(t.page, '时限')
    assert.equal(await knob(t.page, '签收：多久').inputValue(), '两小时')
    await t.goto('/kinds/supervision/form')
    await t.page.click('button:text("发布为新版")')
    await t.page.waitForURL(/\/kinds\/supervision$/)
    const now = await data(t.page, '/kinds/supervision')
    assert.equal(now.version, before + 1)
    assert.ok(now.clocks.some(c => c.limit.startsWith('2个工作小时')))
    assert.equal((await data(t.page, '/kinds/supervision/form')).draft, false)
    // the running one still has its form, a new one has not
    assert.equal((await data(t.page, `/items/${running}/forms/result`)).name, '督办办结单')
    const fresh = items({ verb: 'open', as: 'wangwu', kind: 'supervision', fields: { demand: '发布之后立项的', category: '领导批示', lead: 'G-GC', due: '+20d' } })[0]
    t.expectProblem(/404/)
    assert.equal((await t.page.goto(`/items/${fresh}/forms/result`)).status(), 404)
})

test('改事项种类：每人一份副本，先发布的先算；手机上也能改', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/kinds/leave/form')
    await opened(t.page, '总的')
    await knob(t.page, '请假外出：常用语，一行一条').fill('同意。\n请安排好工作交接。')
    await t.page.click('button:text("存下改动")')
    await t.page.waitForSelector('.note.ok')
    // meanwhile a new version is published as text
    const { version, text } = await data(t.page, '/kinds/leave')
    await t.page.request.post('/kinds/leave/edit', { form: { csrf: await t.page.inputValue('[name=csrf]'), seen: version, act: 'keep', text } })
    const other = (await data(t.page, '/kinds/leave/form'))
    assert.equal(other.draft, true)
    assert.equal(other.differences.length, 0) // the text that was kept is the copy now
    await t.goto('/kinds/leave/form')
    await t.page.click('button:text("放弃改动")')
    await t.page.waitForSelector('.note.ok')
    assert.equal((await data(t.page, '/kinds/leave/form')).draft, false)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/kinds/leave/form')
    await opened(t.page, '字段')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('kindform-phone')
    await t.goto('/kinds/leave/try')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('kindtrial-phone', { fullPage: true })
})

test('改事项种类：不是科长的不能改，也不能试办', async t => {
    t.expectProblem(/403/)
    for (const who of [SECRETARY, STAFF]) {
        await t.context.clearCookies()
        await signIn(t.page, who)
        assert.equal((await t.page.goto('/kinds/leave/form')).status(), 403)
        assert.equal((await t.page.goto('/kinds/leave/try')).status(), 403)
    }
})
