// Findings passed over at the desk: kept by the server, the same for whoever writes along, on whatever machine; with their reasons.
import { assert, test } from './harness.mjs'
import { data, overflow, signIn, CHIEF, SECRETARY } from './lib/office.mjs'

const BODY = '关于开展安全检查的通知\n各部门：\n一、现将任务布署如下。\n二、各单位要座好准备。\n三、请再次布署到位。\n'
const settled = page => page.waitForFunction(() => document.querySelector('.desk').dataset.unsent === '0' && document.querySelector('.desk').dataset.seq !== '0')
const marks = page => page.evaluate(() => [...document.querySelectorAll('.f-error')].map(e => e.textContent))
/** How often these words are underlined. */
const shown = (page, words, n) => page.waitForFunction(([w, k]) => [...document.querySelectorAll('.f')].filter(e => e.textContent === w).length === k, [words, n])
const head = (page, re) => page.waitForFunction(s => new RegExp(s).test(document.querySelector('.dk-mhead').textContent), re.source)

async function person(t, login, options = {}) {
    const context = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1366, height: 768 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', e => t.problems.push(`${login}: ${e.message}`))
    await signIn(page, login)
    return page
}
async function open(page, path) {
    await page.goto(path)
    await page.waitForSelector('.desk-on .cm-content')
}
async function begun(t, people = {}) {
    const a = t.page
    await signIn(a, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('main [name=title]', '关于开展安全检查的通知')
    await a.click('main button.go')
    await a.waitForURL(/manuscripts\/\d+$/)
    const path = new URL(a.url()).pathname
    await a.waitForSelector('.desk-on .cm-content')
    await a.keyboard.press('Control+a')
    await a.keyboard.insertText(BODY)
    await settled(a)
    const csrf = await a.inputValue('form[action$=people] [name=csrf]')
    for (const [who, writes] of Object.entries(people)) await a.request.post(`${path}/people`, { form: { csrf, who, ...(writes ? { writes: '1' } : {}) } })
    await shown(a, '布署', 2)
    return { a, path }
}
/** Put the cursor into the nth of these words and open 略过…. */
async function at(page, words, nth = 0) {
    await page.evaluate(([w, n]) => {
        const v = document.querySelector('.desk').desk.view, text = v.state.doc.toString()
        let i = text.indexOf(w)
        for (; n > 0; n--) i = text.indexOf(w, i + 1)
        v.focus()
        v.dispatch({ selection: { anchor: i, head: i + w.length }, scrollIntoView: true })
    }, [words, nth])
    await page.waitForSelector('.fc.on .fc-pass')
    await page.click('.fc.on .fc-pass summary')
}
/** The whole text is checked anew after what is done now, and shown. */
async function checked(page, what) {
    const answer = page.waitForResponse(r => r.url().endsWith('/desk/findings') && !/name="part"/.test(r.request().postData() ?? ''))
    await what()
    await (await answer).finished()
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
}
const edit = (page, was, is) => page.evaluate(([a, b]) => {
    const v = document.querySelector('.desk').desk.view, i = v.state.doc.toString().indexOf(a)
    v.dispatch({ changes: { from: i, to: i + a.length, insert: b }, userEvent: 'input.type' })
}, [was, is])

test('一人略过，一起写的人马上不再看见；换一台电脑也一样；谁都能恢复', async t => {
    const { a, path } = await begun(t, { [CHIEF]: true })
    const b = await person(t, CHIEF)
    await open(b, path)
    await shown(b, '布署', 2)
    // an error wants words: 1 alone asks for them
    await at(a, '布署')
    await a.keyboard.press('1')
    assert.equal(await a.evaluate(() => document.activeElement.className), 'in missing')
    assert.equal((await marks(a)).filter(w => w === '布署').length, 2)
    await a.keyboard.type('照抄1998年的旧件')
    await t.shot('desk-pass-why')
    await a.keyboard.press('Enter')
    await shown(a, '布署', 1)
    await shown(b, '布署', 1)
    await head(b, /略过1处/)
    // another machine of the same writer
    const c = await person(t, SECRETARY)
    await open(c, path)
    await head(c, /略过1处/)
    await shown(c, '布署', 1)
    assert.equal(await c.evaluate(() => Object.keys(localStorage).filter(k => k.startsWith('desk:passed')).length), 0)
    // it stays over what is written elsewhere, and in front of it
    await checked(a, () => edit(b, '各部门：\n', '各部门：\n现将有关事项通知如下。\n'))
    assert.match(await a.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString()), /有关事项/)
    assert.equal((await marks(a)).filter(w => w === '布署').length, 1)
    // who, why, and taken back by the other
    await b.click('.dk-mhead .linkbtn')
    await b.waitForSelector('.ps-one')
    assert.match(await b.textContent('.ps-one'), /一、现将任务布署如下。.*错误.*张三于.*略过：照抄1998年的旧件/)
    await b.screenshot({ path: `${t.shots}/desk-pass-list.png` })
    await b.click('.ps-at')
    assert.equal(await b.evaluate(() => { const s = document.querySelector('.desk').desk.view.state; return s.sliceDoc(s.selection.main.from, s.selection.main.to) }), '布署')
    await b.click('.ps-one .btn')
    await shown(b, '布署', 2)
    await shown(a, '布署', 2)
    const rows = (await data(a, `${path}/passes?all=1`)).rows
    assert.equal(rows.length, 1)
    assert.match(rows[0].back, /^秋知衡于.*恢复提示$/)
})

test('改了那几个字就又提示；整份文稿里不再提示的一直不提示', async t => {
    const { a, path } = await begun(t)
    await at(a, '布署')
    await a.fill('.fc.on .fc-reasons .in', '原文如此')
    await a.click('.fc.on .fc-reasons button:nth-of-type(1)')
    await shown(a, '布署', 1)
    await edit(a, '一、现将任务布署', '一、现将有关任务布署') // what stands beside it is other words
    await shown(a, '布署', 2)
    await at(a, '布署')
    await a.fill('.fc.on .fc-reasons .in', '本单位旧称')
    await a.click('.fc.on .fc-reasons button:nth-of-type(3)')
    await shown(a, '布署', 0)
    await checked(a, () => edit(a, '三、请再次布署', '三、请再三布署'))
    await shown(a, '布署', 0)
    await settled(a)
    await a.goto(`${path}/passes`)
    assert.match(await a.textContent('main'), /略过1处问题，其中错误1处（张三1处）/)
    assert.match(await a.textContent('.passes tbody'), /文字已改/)
    await t.shot('desk-passes')
    assert.ok(await overflow(a) <= 0)
    await a.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(a) <= 0)
    await t.shot('desk-passes-phone')
    await a.setViewportSize({ width: 1366, height: 768 })
    await a.click('.passes tr:has(.tag:text("整份文稿")) button')
    await a.waitForURL(/passes$/)
    assert.doesNotMatch(await a.textContent('.passes tbody'), /整份文稿/)
})

test('只能查看的人看得到略过了什么，不能略过', async t => {
    const { a, path } = await begun(t, { [CHIEF]: false })
    await at(a, '布署')
    await a.fill('.fc.on .fc-reasons .in', '引原话')
    await a.keyboard.press('Enter')
    await shown(a, '布署', 1)
    const b = await person(t, CHIEF, { viewport: { width: 390, height: 844 } })
    await open(b, path)
    await head(b, /略过1处/)
    assert.equal(await b.locator('.fc-pass').count(), 0)
    await b.click('.dk-switch [data-show=margin]')
    await b.click('.dk-mhead .linkbtn')
    assert.match(await b.textContent('.ps-one'), /布署.*引原话/)
    assert.equal(await b.locator('.ps-one .btn').count(), 0)
    await b.screenshot({ path: `${t.shots}/desk-pass-phone.png` })
    const csrf = await b.inputValue('input[name=csrf]')
    const r = await b.request.post(`${path}/passes`, { form: { csrf, act: 'pass', rule: 'W01', words: '布署', throughout: '1', why: '试' } })
    assert.equal(r.status(), 403)
})

test('浏览器里以前记的，打开时带入一次，不再留在浏览器里', async t => {
    const { a, path } = await begun(t)
    const rule = (await (await a.request.post('/desk/findings', { form: { csrf: await a.inputValue('input[name=csrf]'), text: BODY }, headers: { Accept: 'application/json' } })).json())
        .data.rows.find(r => r.words === '布署').rule
    await a.evaluate(([path, rule]) => {
        const who = document.querySelector('#main').dataset.who, id = path.split('/').pop()
        localStorage.setItem(`desk:passed:${who}:${id}`, JSON.stringify([
            { rule, words: '布署', around: '：\n一、现将任务|如下。\n二、各单', here: true, why: '原文如此，这一处不改', at: 1 },
            { rule: 'X99', words: '没有这条规则', around: '|', here: true, why: '', at: 1 }]))
    }, [path, rule])
    await a.reload()
    await a.waitForSelector('.desk-on .cm-content')
    await head(a, /略过1处/)
    await shown(a, '布署', 1)
    await a.waitForFunction(() => !Object.keys(localStorage).some(k => k.startsWith('desk:passed')))
    const { rows } = await data(a, `${path}/passes`)
    assert.equal(rows.length, 1)
    assert.equal(rows[0].why, '原文如此，这一处不改')
    assert.ok(rows[0].here && rows[0].error)
})

/** A step by the form of the page, as in issue.mjs. */
async function step(page, id, move, fields = {}) {
    await page.goto(`/items/${id}?move=${move}`)
    const form = page.locator(`#move-${move}`)
    for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value)
    for (const box of await form.locator('.check.sure input').all()) await box.check()
    await form.locator('button.go').first().click()
    await page.waitForLoadState()
}

test('随文稿送核、送签发，签发时略过了什么留在办理里', async t => {
    const { a, path } = await begun(t, {}), plain = { javaScriptEnabled: false }
    await at(a, '布署')
    await a.fill('.fc.on .fc-reasons .in', '照抄1998年的旧件')
    await a.keyboard.press('Enter')
    await shown(a, '布署', 1)
    const drafter = await person(t, SECRETARY, plain), checker = await person(t, CHIEF, plain), leader = await person(t, 'yuest', plain)
    await drafter.goto(path)
    assert.match(await drafter.textContent('.mscside'), /略过1处问题，其中错误1处（张三1处）/)
    await drafter.click('button:has-text("送核")')
    await drafter.waitForURL(/items\/\d+\/edit/)
    const id = drafter.url().match(/items\/(\d+)/)[1]
    await drafter.selectOption('[name="f.genre"]', '通知')
    await drafter.check('[name="f.direction"][value=下行文]')
    await drafter.check('[name="f.cosign"][value=不需会签]')
    await drafter.fill('[name="f.to_other"]', '各部门')
    await drafter.click('form button:text-is("保存")')
    await drafter.waitForLoadState()
    await drafter.goto(`/items/${id}?move=submit`)
    assert.match(await drafter.textContent('#move-submit .note'), /文稿里略过1处问题，其中错误1处（张三1处），随文稿送去/)
    await drafter.screenshot({ path: `${t.shots}/pass-submit.png`, fullPage: true })
    await step(drafter, id, 'submit', { text: '请核。', 'f.reviewer.text': '秋知衡' })
    // who checks sees it beside the text, at his step, and with what was sent
    await checker.goto(`/items/${id}`)
    assert.match(await checker.textContent('#text'), /略过1处问题/)
    assert.match(await checker.textContent('#history'), /请核。略过1处问题，其中错误1处/)
    await checker.screenshot({ path: `${t.shots}/pass-checker.png`, fullPage: true })
    await checker.click('#history a:has-text("略过1处")')
    assert.match(await checker.textContent('#passed'), /送出或签发时.*布署.*“布署”是错别字.*照抄1998年的旧件.*张三于/s)
    await step(checker, id, 'send', { text: '已核。', 'f.signer.text': '岳松亭' })
    await leader.goto(`/items/${id}`)
    assert.match(await leader.textContent('.panel.mine .note'), /略过1处问题，其中错误1处（张三1处）/)
    await leader.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(leader) <= 0)
    await leader.screenshot({ path: `${t.shots}/pass-leader.png`, fullPage: true })
    const form = leader.locator('.panel.mine form').first()
    await form.locator('[name=text]').fill('同意。')
    await form.locator('button[value="同意签发"]').click()
    await leader.waitForLoadState()
    await checker.goto(`/items/${id}/text`)
    assert.match(await checker.textContent('#passed'), /签发时.*略过1处问题，其中错误1处.*照抄1998年的旧件.*清单SM3 [0-9a-f]{64}/s)
    await checker.screenshot({ path: `${t.shots}/pass-signed.png`, fullPage: true })
    await checker.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(checker) <= 0)
    await checker.locator('#passed').screenshot({ path: `${t.shots}/pass-signed-phone.png` })
    // signed is locked: nothing is passed over or taken back any more
    await drafter.goto(`${path}/passes`)
    assert.equal(await drafter.locator('.passes button').count(), 0)
})
