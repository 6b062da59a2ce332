import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, items, overflow, signIn } from './lib/office.mjs'

const LIAISON = 'qiaofj' // of the unit G-GC

/** A directive to two units, by 王五; each unit's liaison is asked. */
function relayed(subject) {
    return items(
        { verb: 'open', as: 'wangwu', ref: 'a', kind: 'supervision', at: '-2d 09:00', fields: { demand: subject, category: '领导批示',
            lead: 'G-GC', co: ['S-LQ'], due: '+7d' } },
        { verb: 'move', as: 'wangwu', item: '$a', move: 'direct', at: '-2d 09:10' },
        { verb: 'move', as: 'qiuzh', item: '$a', move: 'assign', opinion: '请抓紧办理。', at: '-2d 09:30' })[0]
}

// W2: tell me when the other side has answered, without opening each matter and looking
test('通知：对方一回复，请办的人就看到', async t => {
    const id = relayed('跨江大桥汛前检查')
    await signIn(t.page, CHIEF)
    await t.goto('/')
    const before = Number((await t.page.textContent('.bell .badge')) || 0)
    // 已收 is nothing to be told of; 已反馈 is
    items({ verb: 'answer', as: LIAISON, item: String(id), word: '已收', text: '' })
    items({ verb: 'answer', as: LIAISON, item: String(id), word: '已反馈', text: '已检查两遍，无隐患。' })
    // the bell counts while the page stands open
    await t.page.waitForFunction(n => Number(document.querySelector('.bell .badge').textContent) > n, before, { timeout: 15000 })
    await t.page.click('.bell')
    await t.page.waitForURL(/\/notices/)
    const row = t.page.locator('.notices li', { hasText: '跨江大桥汛前检查' }).first()
    assert.match(await row.textContent(), /回复/)
    assert.match(await row.textContent(), /工程部已反馈，还有1个没有回复/)
    await t.shot('notices')
    const { rows, unread } = await data(t.page, '/notices')
    assert.ok(unread >= 1)
    assert.ok(rows[0].unread)
    assert.equal(rows.filter(r => r.text.includes('已收')).length, 0)
    // one is read, then all
    await row.locator('button').click()
    assert.equal((await data(t.page, '/notices')).unread, unread - 1)
    if (unread > 1) await t.page.click('button:text("全部标为已读")')
    assert.equal((await data(t.page, '/notices')).unread, 0)
    assert.equal((await t.page.textContent('.bell .badge')).trim(), '')
})

test('通知：被请办的人看到事由和期限；办了就不再算未读', { phone: true }, async t => {
    const id = relayed('梅雨期边坡监测')
    await signIn(t.page, LIAISON)
    await t.goto('/notices')
    assert.ok(await overflow(t.page) <= 0)
    const row = t.page.locator('.notices li.new', { hasText: '梅雨期边坡监测' })
    assert.match((await row.allTextContents()).join(), /请办[^]*办理，\d+月\d+日前回复/)
    await t.shot('notices-phone')
    items({ verb: 'answer', as: LIAISON, item: String(id), word: '已收', text: '' })
    items({ verb: 'answer', as: LIAISON, item: String(id), word: '已反馈', text: '已布点监测。' })
    await t.page.reload()
    assert.equal(await row.count(), 0)
})

test('通知设置：邮箱、免打扰和群机器人', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/account/notices')
    await t.page.fill('[name=mail]', 'qiu@yunling.example')
    await t.page.check('[name=mail_kind][value="1"]')
    await t.page.check('[name=hook_kind][value="6"]')
    await t.page.selectOption('[name=rhythm]', '2')
    await t.page.fill('[name=quiet_from]', '21:00')
    await t.page.fill('[name=quiet_to]', '07:30')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
    let s = await data(t.page, '/account/notices')
    assert.equal(s.mail, 'qiu@yunling.example')
    assert.deepEqual(s.kinds.filter(k => k.mail).map(k => k.name), ['请办'])
    assert.deepEqual(s.kinds.filter(k => k.hook).map(k => k.name), ['催办'])
    assert.equal(s.quiet_from, '21:00')
    // the key of a robot is not shown again, in no form
    await t.page.fill('[name=name]', '办公室工作群')
    await t.page.fill('[name=url]', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=SECRET-KEY')
    await t.page.click('button:text("添加")')
    await t.page.waitForSelector('.note.ok')
    assert.ok(!(await t.page.content()).includes('SECRET-KEY'))
    s = await data(t.page, '/account/notices')
    assert.equal(s.hooks[0].host, 'qyapi.weixin.qq.com')
    assert.ok(!JSON.stringify(s).includes('SECRET'))
    await t.shot('notice-settings')
    await t.page.fill('[name=name]', '坏地址')
    await t.page.fill('[name=url]', 'http://10.0.0.1/x')
    t.expectProblem(/400/)
    await t.page.click('button:text("添加")')
    assert.match(await t.page.textContent('.note.bad'), /https:\/\//)
    assert.equal(await t.page.inputValue('[name=name]'), '坏地址')
    await t.page.locator('li', { hasText: '办公室工作群' }).locator('button').click()
    await t.page.waitForSelector('.note.ok')
    assert.equal((await data(t.page, '/account/notices')).hooks.length, 0)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/account/notices')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('notice-settings-phone', { fullPage: true })
})

test('通知设置：不是科长的不能设群机器人', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/account/notices')
    assert.equal(await t.page.$('[name=url]'), null)
})

// W11: first working day of each month, and the like
test('周期事项：每月第一个工作日，列出后面五期，到日子自己立项', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/recurring')
    await t.page.click('a:text("新设")')
    await t.page.fill('[name=title]', '{year}年{month}月督查通报')
    await t.page.selectOption('[name=kind]', 'supervision')
    await t.page.selectOption('[name=period]', 'month')
    await t.page.check('[name=on][value=workday]')
    await t.page.selectOption('[name=workday]', '1')
    await t.page.fill('[name=lead]', '3')
    await t.shot('recurring-form')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
    const find = async name => (await data(t.page, '/recurring')).rows.find(r => r.title.includes(name))
    const one = await find('督查通报')
    assert.equal(one.rule, '每月第1个工作日')
    assert.equal(one.next.split('、').length, 5)
    assert.equal(one.owner, '张三')
    // a rule whose day is tomorrow and whose lead has begun opens an item by itself
    await t.goto('/recurring/new')
    await t.page.fill('[name=title]', '{month}月{day}日值班检查')
    await t.page.selectOption('[name=kind]', 'supervision')
    await t.page.selectOption('[name=period]', 'week')
    await t.page.fill('[name=lead]', '8')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
    let told = []
    for (let i = 0; i < 30 && !told.length; i++) {
        await t.page.waitForTimeout(500)
        told = (await data(t.page, '/notices')).rows.filter(r => /日值班检查/.test(r.title) && /周期事项/.test(r.text))
    }
    assert.ok(told.length)
    await t.goto('/recurring')
    const weekly = await find('值班检查')
    assert.match(weekly.last_link, /^\/items\//)
    await t.shot('recurring')
    // a pause, and what it says
    await t.page.locator('tr', { hasText: '督查通报' }).locator('button:text("暂停")').click()
    await t.page.waitForSelector('.note.ok')
    assert.ok((await find('督查通报')).paused)
    t.expectProblem(/400/)
    await t.goto('/recurring/new')
    await t.page.fill('[name=title]', '不对的')
    await t.page.fill('[name=owner]', '没有这个人')
    await t.page.click('button:text("保存")')
    assert.match(await t.page.textContent('.note.bad'), /没有找到“没有这个人”/)
    assert.equal(await t.page.inputValue('[name=title]'), '不对的')
    await t.page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/recurring', '/recurring/new']) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, path)
    }
    await t.shot('recurring-phone', { fullPage: true })
})

const today = days => new Date(Date.now() + 8 * 3600e3 + days * 864e5).toISOString().slice(0, 10)

// W10: delegate, or hand over in bulk, when absent
test('外出委托：受托人的待办里有他的事，收回就没有了', async t => {
    relayed('汛期值守检查')
    await signIn(t.page, LIAISON)
    await t.goto('/cover')
    await t.page.fill('[name=to]', 'zhangsan')
    await t.page.fill('[name=to_day]', today(3))
    await t.page.click('button:text("委托")')
    await t.page.waitForSelector('.note.ok')
    const { mine } = await data(t.page, '/cover')
    assert.equal(mine[0].to, '张三')
    assert.ok(mine[0].now)
    await t.shot('cover')
    await t.page.click('.me summary')
    await t.page.click('button:text("退出登录")')
    await signIn(t.page, SECRETARY)
    const todo = async () => (await data(t.page, '/items?box=todo&q=' + encodeURIComponent('汛期值守检查'))).rows.length
    assert.equal(await todo(), 1)
    assert.equal((await data(t.page, '/cover')).others[0].person, '乔飞架')
    await t.goto('/cover')
    await t.page.locator('li', { hasText: '乔飞架' }).locator('button').click() // either side may end it
    await t.page.waitForSelector('.note.ok')
    assert.equal(await todo(), 0)
})

test('移交：清单列出在手的每一件和下一步，一次移交', async t => {
    const id = relayed('桥梁支座更换')
    await signIn(t.page, 'wangwu')
    await t.goto('/hand-over')
    const before = await data(t.page, '/hand-over')
    assert.ok(before.rows.some(r => r.id === String(id)))
    assert.ok(before.rows.every(r => r.state && r.title))
    assert.ok(before.rows.find(r => r.id === String(id)).who)
    await t.shot('hand-over', { fullPage: true })
    const pdf = await t.page.pdf({ format: 'A4' })
    assert.ok(pdf.length > 1000)
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('hand-over-print', { fullPage: true })
    await t.page.emulateMedia({ media: 'screen' })
    await t.page.fill('[name=to]', '李四')
    await t.page.fill('[name=why]', '岗位调整')
    await t.page.check('[name=sure]')
    await t.page.click('button:text("全部移交")')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.note.ok'), new RegExp(`已移交${before.rows.length}件`))
    assert.equal((await data(t.page, '/hand-over')).rows.length, 0)
})

test('群里的回复：一段不带标题的话，贴回来的接龙认出来再登记', async t => {
    const id = relayed('隧道内涌水处置')
    await signIn(t.page, SECRETARY)
    await t.goto(`/items/${id}/replies`)
    const text = await t.page.inputValue('[data-copy]')
    assert.match(text, /工程部、路桥公司共2个单位/)
    assert.doesNotMatch(text, /隧道/)
    await t.page.locator('textarea[name=pasted]:visible').fill('#接龙\n1. 工程部乔飞架：收到，马上办\n2. 老刘 收到\n')
    await t.page.click('button:text("认一认")')
    const cells = await t.page.locator('table tbody tr').allTextContents()
    assert.equal(cells.length, 2)
    assert.match(cells[0], /工程部[^]*已收[^]*马上办/)
    assert.match(cells[1], /没有认出/)
    await t.shot('replies')
    await t.page.click('button:text("登记勾选的")')
    await t.page.waitForSelector('.note.ok')
    const { open } = await data(t.page, `/items/${id}/replies`)
    assert.equal(open, 2) // 已收 is not yet 已反馈
    await t.page.locator('textarea[name=pasted]:visible').fill('工程部 收到')
    await t.page.click('button:text("认一认")')
    assert.match(await t.page.textContent('table'), /已经登记过/)
})
