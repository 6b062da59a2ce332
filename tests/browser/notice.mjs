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
