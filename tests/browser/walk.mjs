// Every page of matters as it is looked at in passing: on a phone nothing lies beyond the edge, what was typed wrongly is still
// there, one leaves every page by the keyboard.
import { assert, test } from './harness.mjs'
import { ADMIN, CHIEF, SECRETARY, data, overflow, signIn } from './lib/office.mjs'

const pages = ['/', '/items?box=todo', '/items?box=all', '/items/new', '/items/new?kind=supervision', '/calendar', '/notices', '/account/notices', '/cover',
    '/hand-over', '/recurring', '/recurring/new', '/ledgers/supervision', '/ledgers/supervision/import', '/figures/supervision', '/numbers/supervision',
    '/matrix?kind=relay', '/kinds', '/kinds/supervision', '/kinds/supervision/form', '/kinds/supervision/score']
const below = ['', '/thread', '/asks', '/ask', '/replies', '/split', '/slips', '/forms/notice']

async function supervised(page) {
    const { rows } = await data(page, '/items?box=all&kind=supervision&light=red')
    return `/items/${rows[0].id}`
}

/** What hinders one thumb on this page, in words; nothing where all is well. */
const hindrances = page => page.evaluate(() => {
    const found = [], wide = innerWidth
    const say = (what, e) => found.push(`${what}：${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className}“${(e.textContent || e.value || '').trim().slice(0, 12)}”`)
    const seen = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && e.checkVisibility({ checkVisibilityCSS: true }) }
    const scrolled = e => { for (let x = e.parentElement; x; x = x.parentElement) if (getComputedStyle(x).overflowX !== 'visible') return true }
    if (document.documentElement.scrollWidth > wide) found.push(`横向出屏${document.documentElement.scrollWidth - wide}像素`)
    for (const e of document.querySelectorAll('body *')) {
        if (!seen(e) || e.closest('.skip, svg, .practicemark')) continue
        const r = e.getBoundingClientRect(), s = getComputedStyle(e), size = parseFloat(s.fontSize)
        if ((r.right > wide + 1 || r.left < -1) && s.position !== 'absolute' && !scrolled(e)) say('在屏幕外', e)
        if (size < 14 && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) say(`字小，${size}`, e)
        if (e.matches('button, .btn, summary') && s.display !== 'inline' && e.scrollWidth > e.clientWidth + 1) say('按钮上的字被截', e)
        if (e.matches('button.go, .btn.go') && r.height < 40) say(`主要按钮矮，${r.height}`, e)
        if (e.matches('input:not([type=checkbox], [type=radio], [type=file]), select, textarea') && size < 16) say(`点了会放大，${size}`, e)
    }
    // what unfolds must not unfold beyond the edge
    for (const d of document.querySelectorAll('details:not([open])')) {
        if (!seen(d)) continue
        d.open = true
        for (const e of d.querySelectorAll('*')) {
            const r = e.getBoundingClientRect()
            if (seen(e) && (r.right > wide + 1 || r.left < -1) && !scrolled(e)) { say('展开后在屏幕外', e); break }
        }
        d.open = false
    }
    return [...new Set(found)].slice(0, 6)
})

// Written at a desk, with two hands: what one finds there on a phone is to be read.
const DESK = /^\/(manuscripts|templates)/
// Answers that are no pages, and what would end the walk.
const NO_PAGE = /^\/(static|api|live|login|logout|password|items\/pick)|\/(export|pdf|book|zip|docx|text|template|original|redline|suggest|live|files|pictures|page)(\/|$)|\.\w{3,4}$/

test('手机上走一遍：点得到的每一页，都不出屏、字不小于14、主要按钮不矮于40', { phone: true, timeout: 300000 }, async t => {
    t.expectProblem(/403|404/)
    const shape = path => path.replace(/\/o\/.*/, '/o/*').replace(/\/\d+/g, '/:id').replace(/^(\/(?:ledgers|figures|numbers|kinds|section-texts|templates))\/(?!new)[^/]+/, '$1/*').replace(/(\/forms)\/.*/, '$1/*')
    const done = new Set(), bad = []
    let item
    for (const login of [CHIEF, SECRETARY, 'qiaofj', ADMIN]) {
        await t.context.clearCookies()
        await signIn(t.page, login)
        const todo = ['/', '/items?box=todo', '/items?box=watch', '/notices', '/help']
        if (login === CHIEF) todo.push(item = await supervised(t.page), ...pages, ...below.map(p => item + p), '/duty/log?kind=call', '/remarks/verify', '/leaders')
        if (login === SECRETARY) todo.push('/register', '/duty/urgent', '/account/notices')
        for (const start of todo) done.delete(shape(start)) // seen anew by each, what is linked there only once
        while (todo.length) {
            const path = todo.shift(), key = shape(path.replace(/[?#].*/, '')) + (/kind=call|box=/.exec(path)?.[0] ?? '')
            if (done.has(key) || NO_PAGE.test(path.replace(/[?#].*/, ''))) continue
            const answer = await t.page.goto(path).catch(() => null) // a download
            if (!answer || answer.status() !== 200) continue
            done.add(key)
            const found = (await hindrances(t.page)).filter(f => !DESK.test(path) || /出屏|屏幕外/.test(f))
            if (found.length) bad.push(`${login} ${path}：${found.join('；')}`)
            todo.push(...await t.page.$$eval('a[href^="/"]:not([download])', all => all.map(a => a.getAttribute('href'))))
        }
    }
    console.log(`      走过 ${done.size} 种页`)
    assert.ok(done.size >= 80, String(done.size))
    assert.deepEqual(bad, [])
    await t.context.clearCookies()
    await signIn(t.page, CHIEF)
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
    assert.equal(await t.page.locator('.packlist').first().locator('tbody tr').count(), rows.length) // behind it: matters that come back
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
