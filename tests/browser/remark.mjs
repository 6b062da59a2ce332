// Leaders on paper: entered, verified beside the picture, handed on, followed; one line for what was said; who is away; found again.
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, items, overflow, signIn } from './lib/office.mjs'

const OTHER = 'lisi', LEADER = 'linyg'
// A picture that is certainly one: 2 by 2 pixels.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFElEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAk+Uzr4AAAAASUVORK5CYII=', 'base64')

/** A paper that waits for leaders, one behind the other. */
const paper = (subject, leaders = [LEADER]) => items(
    { verb: 'open', as: SECRETARY, ref: 'p', kind: 'incoming', fields: { subject, sender: '省国资委', received: '+0d', class: '办件', reply: '不需答复' } },
    { verb: 'move', as: SECRETARY, item: '$p', move: 'register' },
    { verb: 'move', as: SECRETARY, item: '$p', move: 'accept' },
    { verb: 'move', as: SECRETARY, item: '$p', move: 'propose', opinion: '拟请领导阅示。', set: { leader: leaders } })[0]

async function enter(page, item, words) {
    await page.goto(`/items/${item}/remarks`)
    await page.fill('[name=words]', words)
    await page.setInputFiles('[name=picture]', { name: '批示.png', mimeType: 'image/png', buffer: PNG })
    await page.click('button[value=enter]')
    await page.waitForURL(/remarks\/\d+$/)
}

async function as(t, login, options = {}) {
    const context = await t.context.browser().newContext({ baseURL: t.base, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    await signIn(page, login)
    return { page, close: () => context.close() }
}

test('纸上的批示：照原件录入，认出性质和点到的人，另一人对着图片核对，确认后交办，看到结果', async t => {
    await signIn(t.page, SECRETARY)
    const item = paper('关于报送年度资金计划的通知')
    await t.goto(`/items/${item}/remarks`)
    assert.match(await t.page.textContent('[name=leader] option:checked'), /林雁归.*正等他批示/)
    await t.page.fill('[name=words]', '同意。请财务部、工程部阅办，分管副总审定。')
    await t.page.locator('.rread').waitFor() // read while it is typed
    assert.match(await t.page.textContent('.rread'), /财务部 → 财务部：阅办.*分管副总 → 有 2 个对得上/s)
    await t.shot('remark-form')
    await enter(t.page, item, '同意。请财务部、工程部阅办，分管副总审定。')
    const at = new URL(t.page.url()).pathname
    // nothing was sent; who entered it does not verify it
    assert.equal((await data(t.page, at)).tasks.length, 0)
    assert.equal(await t.page.locator('[data-verify]').count(), 0)
    assert.match(await t.page.textContent('p.broken'), /还没有交办/)

    const second = await as(t, OTHER)
    await second.page.goto(at)
    const image = await second.page.$eval('.rpics img', i => i.complete && i.naturalWidth)
    assert.ok(image > 0, 'the picture stands beside the words')
    await t.shot('remark-sent')
    await second.page.keyboard.press('y')
    await second.page.locator('.note.ok').waitFor()
    assert.equal((await data(second.page, at)).row.state, 'right')
    await second.close()

    await t.goto(at)
    await t.page.check('input[name=send][value="2"]') // the one that fits two: nobody is chosen yet
    t.expectProblem(/400/)
    await t.page.click('button:text("交办勾选的")')
    assert.match(await t.page.textContent('.note.bad'), /没有选定是谁/)
    await t.page.uncheck('input[name=send][value="2"]')
    await t.page.click('button:text("交办勾选的")')
    await t.page.locator('.rtasks').waitFor()
    let one = await data(t.page, at)
    assert.deepEqual(one.tasks.map(x => [x.unit, x.purpose, x.open]), [['财务部', '阅办', true], ['工程部', '阅办', true]])
    items({ verb: 'answer', as: 'jinmd', item, word: '已收' }, { verb: 'answer', as: 'jinmd', item, word: '已反馈', text: '计划已报。' })
    one = await data(t.page, at)
    assert.deepEqual(one.tasks.map(x => x.open), [false, true])
    assert.equal(one.open, 1)
    await t.goto(at)
    assert.equal(await t.page.locator('tr.broken').count(), 1) // the link that is not answered, in red
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('remark-print', { fullPage: true })
})

test('批语里写了期限，交办的期限就填好了；改了再退回来，留的是改的；已经过了的不填，说明白', async t => {
    await signIn(t.page, SECRETARY)
    const soon = paper('关于报送资金日报的通知')
    await enter(t.page, soon, '请财务部、分管副总研究，5日内报我。')
    const day = (await data(t.page, new URL(t.page.url()).pathname)).row.day.match(/\d+/g).map(Number)
    const want = new Date(Date.UTC(day[0], day[1] - 1, day[2] + 5)).toISOString().slice(0, 10)
    assert.equal(await t.page.inputValue('[name=due]'), want)
    assert.match(await t.page.textContent('.rdue'), /批语写“5日内”，可以改/)
    await t.shot('remark-due')
    // 转督办: the form stands filled, and is only a form
    await t.page.keyboard.press('d')
    await t.page.waitForURL(/items\/new/)
    assert.match(await t.page.inputValue('[name="f.demand"]'), /请财务部、分管副总研究/)
    assert.ok(await t.page.isChecked('[name="f.category"][value=领导批示]'))
    assert.match(await t.page.inputValue('[name="f.basis"]'), /^林雁归\d{4}年\d+月\d+日批示（.*关于报送资金日报的通知）$/)
    assert.match(await t.page.textContent('.ipicks[data-name="f.lead"]'), /财务部/)
    assert.match(await t.page.textContent('.ipicks[data-name="f.leader"]'), /林雁归/)
    assert.equal(await t.page.inputValue('[name="f.due"]'), want)
    await t.shot('remark-supervise', { fullPage: true })
    await t.page.goBack()
    t.expectProblem(/400/)
    await t.page.fill('[name=due]', '2026-01-05') // long past
    await t.page.click('button:text("交办勾选的")')
    assert.match(await t.page.textContent('.note.bad'), /期限已经过了/)
    assert.equal(await t.page.inputValue('[name=due]'), '2026-01-05')
    const past = paper('关于报送资金月报的通知')
    await t.goto(`/items/${past}/remarks`)
    await t.page.fill('[name=words]', '请财务部三日内报我。')
    await t.page.fill('[name=day]', new Date(Date.now() + 8 * 3600e3 - 10 * 86400e3).toISOString().slice(0, 10))
    await t.page.click('button[value=enter]')
    await t.page.waitForURL(/remarks\/\d+$/)
    assert.equal(await t.page.inputValue('[name=due]'), '')
    assert.match(await t.page.textContent('.rdue'), /批语写“三日内”，已经过了/)
})

test('核对不属实要写明哪里不对；圈阅没有批语也是一条', async t => {
    await signIn(t.page, SECRETARY)
    const item = paper('关于开展安全检查的通知')
    await enter(t.page, item, '')
    const at = new URL(t.page.url()).pathname
    assert.equal((await data(t.page, at)).row.kind, '圈阅')
    const second = await as(t, CHIEF)
    t.expectProblem(/400/)
    await second.page.goto(at)
    await second.page.keyboard.press('n') // goes to the note
    await second.page.keyboard.type('原件上写的是“已阅”')
    await second.page.keyboard.press('Enter')
    await second.page.locator('.note.ok').waitFor()
    assert.equal((await data(second.page, at)).row.state, 'wrong')
    await second.close()
})

test('口头交办：键盘上一行记下，认出谁、何时、让谁、期限；另一人核对；出现在批示检索里', async t => {
    await signIn(t.page, SECRETARY)
    await t.page.keyboard.press('o')
    await t.page.keyboard.type('岳书记 昨天下午 让财务部12月31日前报青溪河资金计划')
    await t.page.keyboard.press('Enter')
    await t.page.locator('.oralform').waitFor()
    assert.match(await t.page.textContent('[name=leader] option:checked'), /岳松亭/)
    assert.equal(await t.page.$eval('[name=to]', s => s.selectedOptions[0].textContent.trim()), '财务部')
    assert.match(await t.page.inputValue('[name=due]'), /-12-31$/)
    assert.match(await t.page.inputValue('[name=at]'), /T15:00$/)
    await t.shot('oral')
    await t.page.keyboard.press('Enter') // the button has the focus
    await t.page.locator('.note.ok').waitFor()
    const { rows } = await data(t.page, '/oral')
    assert.match(rows[0].said, /^让财务部12月31日前报/)
    assert.equal(rows[0].who, '财务部')
    assert.ok(rows[0].verify)
    const found = await data(t.page, `/remarks?q=${encodeURIComponent('青溪河资金')}`)
    assert.equal(found.total, 1)
    assert.equal(found.groups[0].rows[0].leader, '岳松亭')
    const second = await as(t, OTHER)
    await second.page.goto(rows[0].verify)
    await second.page.keyboard.press('y')
    await second.page.locator('.note.ok').waitFor()
    await second.close()
    assert.equal((await data(t.page, '/oral')).rows[0].verify, '')
})

test('以前怎么批的：一句话查批示、文件和事项；看不到的既不列也不数', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/remarks?q=防汛')
    const mine = await data(t.page, '/remarks?q=防汛')
    assert.ok(mine.total >= 1 && mine.parts.find(x => x.name === '全部文件').total >= 1)
    assert.match(await t.page.textContent('.rmks'), /林雁归/)
    await t.shot('remarks')
    t.expectProblem(/400/)
    await t.goto('/remarks?q=防')
    assert.match(await t.page.textContent('.note.bad'), /至少要两个字/)
    const unit = await as(t, 'lanty')
    const theirs = await data(unit.page, '/remarks?q=防汛')
    assert.equal(theirs.total, 0)
    assert.ok(!theirs.parts.find(x => x.name === '事项和结果').rows.length)
    await unit.close()
})

test('领导外出：登记，联系人；补阅单打印在一张纸上', async t => {
    await signIn(t.page, CHIEF)
    const { rows } = await data(t.page, '/leaders')
    const him = rows.find(r => r.name === '石望川')
    await t.goto('/leaders')
    const line = t.page.locator('.leaders tbody tr', { hasText: '石望川' })
    await line.locator('select').selectOption({ label: /麦青穗/.test(await line.textContent()) ? (await line.locator('option', { hasText: '麦青穗' }).textContent()).trim() : '不设' })
    await line.locator('button[value=contact]').click()
    await t.page.locator('.note.ok').waitFor()
    const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)
    await line.locator('summary').click()
    await line.locator('[name=from_day]').fill(today)
    await line.locator('[name=to_day]').fill(today)
    await line.locator('[name=why]').fill('出差')
    const item = paper('关于推进青年工作的意见', ['shiwc', LEADER])
    await line.locator('button[value=away]').click()
    await t.page.locator('.note.ok').waitFor()
    assert.match(await line.textContent(), /外出.*出差/s)
    await t.shot('leaders')
    // the job passes him over within its beat; the second is asked
    for (let i = 0; i < 60 && !(await data(t.page, `/leaders/${him.id}/catch-up`)).rows.length; i++) await t.page.waitForTimeout(1000)
    await t.goto(`/leaders/${him.id}/catch-up`)
    assert.match(await t.page.textContent('.catchup'), /关于推进青年工作的意见.*出差/s)
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('catch-up-print', { fullPage: true })
    await t.page.emulateMedia({ media: 'screen' })
    const state = (await data(t.page, `/items/${item}`)).state
    await t.page.click('button:text("登记勾选的")')
    await t.page.locator('.note.ok').waitFor()
    assert.equal((await data(t.page, `/leaders/${him.id}/catch-up`)).rows.length, 0)
    assert.equal((await data(t.page, `/items/${item}`)).state, state)
})

test('手机上：录入和核对批示，拇指够得着，断线不丢字', { phone: true }, async t => {
    await signIn(t.page, SECRETARY)
    const item = paper('关于做好冬季施工的通知')
    await t.goto(`/items/${item}/remarks`)
    assert.ok(await overflow(t.page) <= 0)
    await t.page.fill('[name=words]', '请工程部阅处。')
    await t.page.reload() // the line broke: what was typed is there
    assert.equal(await t.page.inputValue('[name=words]'), '请工程部阅处。')
    const button = await t.page.locator('button[value=enter]').boundingBox()
    assert.ok(button.height >= 44)
    await t.shot('remark-form-phone')
    await t.page.click('button[value=enter]')
    await t.page.waitForURL(/remarks\/\d+$/)
    const at = new URL(t.page.url()).pathname
    const second = await as(t, OTHER, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    await second.page.goto(at)
    assert.ok(await overflow(second.page) <= 0)
    const right = await second.page.locator('[data-verify] button[value="1"]').boundingBox()
    assert.ok(right.height >= 44 && right.y + right.height <= 844 && right.y > 422, 'in the lower half, under the thumb')
    await second.page.tap('[data-verify] button[value="1"]')
    await second.page.locator('.note.ok').waitFor()
    await second.close()
})
