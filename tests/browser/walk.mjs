// Every page of matters as it is looked at in passing: on a phone nothing lies beyond the edge, what was typed wrongly is still
// there, one leaves every page by the keyboard.
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, overflow, signIn } from './lib/office.mjs'

const pages = ['/', '/items?box=todo', '/items?box=all', '/items/new', '/items/new?kind=supervision', '/calendar', '/notices', '/account/notices', '/cover',
    '/hand-over', '/recurring', '/recurring/new', '/ledgers/supervision', '/ledgers/supervision/import', '/figures/supervision', '/numbers/supervision',
    '/matrix?kind=relay', '/kinds', '/kinds/supervision', '/kinds/supervision/form', '/kinds/supervision/score']
const below = ['', '/thread', '/asks', '/ask', '/replies', '/split', '/slips', '/forms/notice']

async function supervised(page) {
    const { rows } = await data(page, '/items?box=all&kind=supervision&light=red')
    return `/items/${rows[0].id}`
}

test('手机上走一遍：各页都不出屏', async t => {
    await signIn(t.page, CHIEF)
    const item = await supervised(t.page)
    await t.page.setViewportSize({ width: 390, height: 844 })
    for (const path of [...pages, ...below.map(p => item + p)]) {
        assert.equal((await t.goto(path)).status(), 200, path)
        assert.ok(await overflow(t.page) <= 0, path)
    }
    await t.goto('/hand-over')
    await t.shot('hand-over-phone', { fullPage: true })
})

test('填错了：说清哪里错，填的还在', async t => {
    t.expectProblem(/400/)
    await signIn(t.page, SECRETARY)
    await t.goto('/cover')
    await t.page.fill('form[action="/cover"] [name=to]', '查无此人')
    await t.page.fill('[name=from_day]', '2027-01-04')
    await t.page.fill('[name=to_day]', '2027-01-08')
    await t.page.click('button:text("委托")')
    assert.match(await t.page.textContent('.note.bad'), /没有找到“查无此人”/)
    for (const [name, value] of [['to', '查无此人'], ['from_day', '2027-01-04'], ['to_day', '2027-01-08']])
        assert.equal(await t.page.inputValue(`form[action="/cover"] [name=${name}]`), value)
    await t.goto('/recurring/new')
    await t.page.evaluate(() => { document.querySelector('.recform').noValidate = true })
    await t.page.fill('[name=title]', '月度例会')
    await t.page.check('[name=on][value=day]')
    await t.page.fill('[name=day]', '45')
    await t.page.click('button:text("保存")')
    assert.match(await t.page.textContent('.note.bad'), /日期应在1到31之间/)
    assert.equal(await t.page.inputValue('[name=day]'), '45')
})

test('只用键盘：每页从头走到尾，不被困住', async t => {
    await signIn(t.page, CHIEF)
    const item = await supervised(t.page)
    for (const path of ['/', item, `${item}/asks`, '/matrix?kind=relay', '/ledgers/supervision', '/cover', '/recurring/new', '/kinds/supervision/edit']) {
        await t.goto(path)
        const seen = new Set()
        let left = false, last = ''
        for (let i = 0; i < 400 && !left; i++) {
            if (await t.page.evaluate(() => document.activeElement.matches('[data-lined] textarea'))) {
                assert.match(await t.page.textContent('#leave'), /Esc/) // there Tab is two blanks, and the page says how one leaves
                await t.page.keyboard.press('Escape')
            }
            await t.page.keyboard.press('Tab')
            const at = await t.page.evaluate(() => {
                const e = document.activeElement
                if (e === document.body) return 'out'
                if (!e.dataset.walked) e.dataset.walked = String(Math.random())
                return e.dataset.walked
            })
            left = at === 'out' || (at !== last && seen.size > 5 && at === [...seen][0])
            assert.ok(left || at === last || !seen.has(at), `${path}: the focus goes in a circle`)
            seen.add(at)
            last = at // a day has a place for each of its parts
        }
        assert.ok(left, `${path}: the focus does not leave`)
    }
})

test('打印移交清单：一张A4，日期不断行，序号和签字都在', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/hand-over')
    const { rows } = await data(t.page, '/hand-over')
    assert.ok(rows.length > 0)
    await t.page.emulateMedia({ media: 'print' })
    await t.page.setViewportSize({ width: 660, height: 960 }) // what an A4 sheet has between its margins
    assert.ok(await overflow(t.page) <= 0)
    assert.equal(await t.page.locator('.packlist tbody tr').count(), rows.length)
    for (const cell of await t.page.locator('.packlist td.nowrap').all()) {
        const { height, line } = await cell.evaluate(e => {
            const r = document.createRange()
            r.selectNodeContents(e)
            return { height: r.getBoundingClientRect().height, line: parseFloat(getComputedStyle(e).fontSize) * 2 }
        })
        assert.ok(height < line, 'a day on one line')
    }
    assert.ok(await t.page.locator('.packsign').isVisible())
    assert.ok(!await t.page.locator('form[action="/hand-over"]').first().isVisible())
    await t.shot('hand-over-print')
})
