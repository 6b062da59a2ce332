// F126: matters as a board, and their lights beside each other.
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, items, overflow, signIn } from './lib/office.mjs'

test('亮灯：每个数字点开正是这些事项，条形照数字画', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/')
    await t.page.click('.tabs a:text("看板")')
    await t.page.waitForURL(/\/lights/)
    const { kinds, red, yellow } = await data(t.page, '/lights')
    assert.ok(kinds.length >= 5 && red > 0 && yellow > 0)
    const all = { red: 0, yellow: 0 }
    for (const k of kinds) {
        let sum = 0
        for (const part of k.parts) {
            const ledger = await data(t.page, part.link)
            assert.equal(ledger.total, part.count, part.link)
            assert.equal(ledger.rows.length, part.count)
            sum += part.count
            if (part.light in all) all[part.light] += part.count
        }
        assert.equal(sum, k.total)
        assert.equal((await data(t.page, k.link)).total, k.total)
    }
    assert.deepEqual(all, { red, yellow })
    // the parts of a bar lie behind each other, as long as their numbers
    const bar = await t.page.locator('.lightkinds tr', { hasText: '督办事项' }).locator('rect').evaluateAll(v =>
        v.map(r => [Number(r.getAttribute('x')), Number(r.getAttribute('width'))]))
    const parts = kinds.find(k => k.kind === 'supervision').parts
    for (let i = 1; i < bar.length; i++) assert.equal(bar[i][0], bar[i - 1][0] + bar[i - 1][1])
    assert.ok(Math.abs(bar[2][1] / bar[0][1] - parts[2].count / parts[0].count) < 0.1)
    await t.shot('lights')
    await t.page.click('.lightkinds tr:has-text("督办事项") a.red')
    await t.page.waitForURL(/light=red/)
    assert.equal(await t.page.locator('table.ledger tbody tr').count(), parts[0].count)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/lights')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('lights-phone')
})

test('看板：一步一列，件数和台账一样，红灯在前，多的到台账里看', async t => {
    for (let i = 0; i < 9; i++)
        items({ verb: 'open', as: 'wangwu', kind: 'supervision', at: '-1d 09:00',
            fields: { demand: `看板试件${i + 1}`, category: '重点工作', lead: 'G-GC', due: `+${i + 3}d` } })
    await signIn(t.page, CHIEF)
    await t.goto('/ledgers/supervision')
    await t.page.click('.ledgeracts a:text("看板")')
    await t.page.waitForURL(/\/ledgers\/supervision\/board/)
    const board = await data(t.page, '/ledgers/supervision/board')
    assert.deepEqual(board.columns.map(c => c.name), ['草稿', '待立项', '待交办', '待签收', '办理中', '暂缓', '待核查', '已办结', '已终止'])
    let sum = 0
    for (const column of board.columns) {
        assert.equal((await data(t.page, column.link)).total, column.count, column.name)
        assert.equal(column.cards.length + column.more, column.count)
        for (const { row } of column.cards) assert.equal(row.state, column.state)
        sum += column.count
    }
    assert.equal(sum, (await data(t.page, '/ledgers/supervision')).total)
    assert.equal(board.columns.find(c => c.state === 'doing').cards[0].row.light, 'red')
    const draft = board.columns[0]
    assert.equal(draft.cards.length, 6)
    assert.match(await t.page.textContent('.lane .rest'), new RegExp(`还有 ${draft.more} 件`))
    await t.shot('board')
    await t.page.click('.lane .rest')
    await t.page.waitForURL(/state=draft/)
    assert.equal(await t.page.locator('table.ledger tbody tr').count(), draft.count)
    // the conditions of the ledger are those of the board
    await t.goto('/ledgers/supervision/board?f.lead=' + encodeURIComponent('工程部') + '&open=1')
    assert.match(await t.page.textContent('.head'), /牵头单位：.*工程部/)
    assert.ok(!await t.page.locator('.lane', { hasText: '已办结' }).count())
    t.expectProblem(/400/)
    assert.equal((await t.page.goto('/ledgers/supervision/board?f.lead=没有这个单位')).status(), 400)
})

test('看板：等我办的卡片打开就是办理的表单，意见照样要填，办完回到看板', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/ledgers/supervision/board')
    const card = t.page.locator('.lane li.mine', { hasText: '落实党委会关于建材产业园项目投资节奏的意见' })
    assert.equal(await card.count(), 1)
    // by the keyboard alone
    await card.locator('.act a').focus()
    await t.page.keyboard.press('Enter')
    await t.page.waitForURL(/\/items\/\d+\?back=/)
    const form = t.page.locator('#move-pass')
    assert.ok(await form.locator('[name=text]').isVisible()) // the move with the room for its opinion; nothing has moved yet
    assert.equal((await data(t.page, '/ledgers/supervision/board')).columns.find(c => c.state === 'checking').count, 1)
    await form.locator('[name=text]').fill('佐证齐全，同意办结。')
    for (const sure of await form.locator('.sure input').all()) await sure.check()
    for (const field of await form.locator('select:visible').all()) await field.selectOption({ index: 1 })
    for (const name of new Set(await form.locator('input[type=radio]:visible').evaluateAll(v => v.map(r => r.name))))
        await form.locator(`input[type=radio][name="${name}"]`).last().check()
    await form.locator('button.go').click()
    await t.page.waitForURL(/\/ledgers\/supervision\/board/)
    const after = await data(t.page, '/ledgers/supervision/board')
    assert.equal(after.columns.find(c => c.state === 'checking').count, 0)
    assert.equal(after.columns.find(c => c.state === 'closed').count, 2)
})

test('看板：手机上一列一列往下看，打印横排；看不到的不在上面', async t => {
    await signIn(t.page, STAFF)
    const board = await data(t.page, '/ledgers/supervision/board')
    const seen = (await data(t.page, '/ledgers/supervision')).total
    assert.equal(board.columns.reduce((n, c) => n + c.count, 0), seen)
    await t.page.context().clearCookies()
    await signIn(t.page, SECRETARY)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/ledgers/supervision/board')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('board-phone', { fullPage: true })
    await t.page.emulateMedia({ media: 'print' })
    await t.page.setViewportSize({ width: 1000, height: 660 })
    assert.equal(await t.page.$eval('.boardpage', e => getComputedStyle(e).page), 'wide')
    assert.ok(!await t.page.locator('.boxbar').isVisible())
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('board-print')
})
