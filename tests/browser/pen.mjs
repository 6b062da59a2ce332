// Pen corrections on paper: a printed version, corrected by a leader, entered by a clerk while another goes on writing, looked at by a second person.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, SECRETARY, CHIEF, STAFF } from './lib/office.mjs'

async function plain(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: false, locale: 'zh-CN', viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    await signIn(page, login)
    return page
}

test('录入笔改：对着印的那一稿录，成一稿、并入文稿，另一人核对', async t => {
    const a = await plain(t, SECRETARY), b = await plain(t, CHIEF)
    await a.goto('/manuscripts/new')
    await a.fill('[name=title]', '关于冬季施工的报告')
    await a.click('text=开始写')
    const path = new URL(a.url()).pathname
    const body = '关于冬季施工的报告\n\n公司：\n一、落实责任。\n二、备足物资。\n三、及时报告。'
    await a.fill('[name=text]', body)
    await a.click('.deskplain button')
    await a.goto(`${path}/pens`)
    assert.match(await a.textContent('#main'), /还没有存过稿/)
    await a.goto(`${path}/versions`)
    await a.fill('[name=name]', '送审稿')
    await a.click('button[value=freeze]')
    await a.goto(path)
    await a.fill('form[action$=people] [name=who]', CHIEF)
    await a.click('form[action$=people] button:has-text("邀请")')
    await a.click('a:has-text("录入笔改")')
    await a.fill('[name=who]', '李书记')
    await a.fill('[name=day]', '2026-11-20')
    await a.click('text=开始录')
    const pen = new URL(a.url()).pathname
    assert.equal((await a.inputValue('[name=text]')).replace(/\r/g, ''), body)
    await a.fill('[name=text]', body.replace('落实责任', '压实各级责任'))
    const old = await b.context().newPage() // the same round in another window, which has read it earlier
    await old.goto(pen)
    await a.click('button[value=keep]')
    await old.fill('[name=text]', body.replace('备足物资', '备好物资'))
    await old.click('button[value=keep]')
    assert.match(await old.textContent('#main'), /刚才有别人录过，没有存/)
    assert.match(await old.inputValue('[name=text]'), /备好物资/)
    await old.close()
    assert.match(await a.textContent('.cmp'), /压实各级责任/)
    assert.ok(await overflow(a) <= 0)
    await a.screenshot({ path: `${t.shots}/pen.png`, fullPage: true })
    // another writes on meanwhile, in another place
    await b.goto(path)
    await b.fill('[name=text]', (await b.inputValue('[name=text]')).replace('及时报告', '每天报告'))
    await b.click('.deskplain button')
    await a.goto(pen)
    await a.click('button[value=finish]')
    assert.match(await a.textContent('.note.ok'), /已录完/)
    assert.equal((await data(a, path)).text, body.replace('落实责任', '压实各级责任').replace('及时报告', '每天报告'))
    assert.equal(await a.locator('button[value=right]').count(), 0)
    await a.click('a:has-text("对照")')
    assert.match(await a.textContent('.cmp'), /送审稿[\s\S]*李书记 11月20日 笔改[\s\S]*压实各级责任/)
    assert.doesNotMatch(await a.textContent('.cmp'), /每天报告/)
    await b.goto(`${path}/pens`)
    await b.click('button[value=right]')
    assert.match(await b.textContent('table'), /核对无误/)
    await b.screenshot({ path: `${t.shots}/pens.png`, fullPage: true })
    const p = await data(b, `${path}/pens`)
    assert.equal(p.rows[0].state, 'done')
    const docx = await b.request.get(p.rows[0].redline)
    assert.equal((await docx.body()).subarray(0, 2).toString(), 'PK')
    await b.setViewportSize({ width: 390, height: 844 })
    await b.goto(`${path}/pens`)
    assert.ok(await overflow(b) <= 0)
    await b.screenshot({ path: `${t.shots}/phone-pens.png`, fullPage: true })
    await b.goto(pen)
    assert.ok(await overflow(b) <= 0)
    await b.screenshot({ path: `${t.shots}/phone-pen.png`, fullPage: true })
    for (const page of [a, b]) await page.context().close()
})

const BODY = `关于冬季施工的报告

公司：
一、落实责任。各部门主要负责同志要亲自抓，分管负责同志具体抓，把责任落实到岗位和人员。
二、备足物资。十一月底前备足防滑、防冻、防火物资，建立台账。
三、及时报告。遇有险情，及时报告，不得迟报、漏报、瞒报。
2026年11月18日`

/** A manuscript with a printed version, and a round that is open. */
async function begun(t) {
    const a = await plain(t, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('[name=title]', '关于冬季施工的报告')
    await a.click('text=开始写')
    const path = new URL(a.url()).pathname
    await a.fill('[name=text]', BODY)
    await a.click('.deskplain button')
    await a.goto(`${path}/versions`)
    await a.fill('[name=name]', '送审稿')
    await a.click('button[value=freeze]')
    await a.goto(`${path}/pens`)
    await a.fill('[name=who]', '李书记')
    await a.fill('[name=day]', '2026-11-20')
    await a.click('text=开始录')
    const pen = new URL(a.url()).pathname
    await a.context().close()
    return { path, pen }
}

/** What a scanner and a telephone make of the corrected paper: two pages as PDF, one of them again as a JPEG that lies on its side. */
async function paper(t) {
    const p = await t.context.newPage()
    await p.setViewportSize({ width: 794, height: 1123 })
    const page = (n, words) => `<div style="width:600px;height:860px;padding:40px;${n > 1 ? 'page-break-before:always;' : ''}font:24px/2 serif;white-space:pre-wrap">${words}\n<i style="color:#c00">— 第${n}页 —</i></div>`
    await p.setContent(page(1, BODY.slice(0, 60).replace('落实', '<s style="color:#c00">落实</s><span style="color:#c00;position:relative;top:-18px">压实各级</span>')) + page(2, BODY.slice(60)))
    const pdf = await p.pdf({ format: 'A4', printBackground: true })
    const jpeg = await p.screenshot({ type: 'jpeg', quality: 60, clip: { x: 0, y: 0, width: 794, height: 500 } })
    await p.close()
    return { pdf, jpeg }
}

const doc = p => p.evaluate(() => document.querySelector('.pen').desk.view.state.doc.toString())
const drawn = (p, what) => p.waitForFunction(w => document.querySelector('.pp-view canvas')?.dataset.drawn === w, what)
/** The words that stand once are selected, as by hand. */
const choose = (p, words) => p.evaluate(w => {
    const { view } = document.querySelector('.pen').desk, at = view.state.doc.toString().indexOf(w)
    view.dispatch({ selection: { anchor: at, head: at + w.length } })
    view.focus()
}, words)

test('照纸录：纸稿放在旁边翻、放大、转，改到哪里标到哪里，停笔就存', async t => {
    const { path, pen } = await begun(t), { pdf, jpeg } = await paper(t), p = t.page
    await signIn(p, SECRETARY)
    await p.goto(pen)
    await p.waitForSelector('.pen-on .cm-content')
    await t.shot('pen-empty')
    // ---- every change is shown while it is made ----
    await choose(p, '落实责任')
    await p.keyboard.type('压实责任')
    await p.waitForFunction(() => document.querySelectorAll('.pn-list li').length === 1)
    assert.equal(await p.textContent('.pn-del'), '落')
    assert.equal(await p.textContent('.pn-ins'), '压')
    assert.match(await p.textContent('.pn-list li'), /一、落压实责任。/)
    await choose(p, '压')
    await p.keyboard.type('落') // as it was printed: no change
    await p.waitForFunction(() => document.querySelectorAll('.pn-list li').length === 0)
    await choose(p, '落实责任')
    await p.keyboard.type('压实各级责任')
    await choose(p, '，建立台账')
    await p.keyboard.press('Delete')
    await choose(p, '漏报、')
    await p.keyboard.press('Delete')
    await p.waitForFunction(() => document.querySelectorAll('.pn-list li').length === 3)
    await p.waitForSelector('.pn-status:has-text("已存")')
    assert.match((await data(p, pen)).text, /压实各级责任[\s\S]*防火物资。[\s\S]*迟报、瞒报/)
    // ---- the paper comes beside it, without leaving what is typed ----
    await choose(p, '十一月底前')
    await p.keyboard.type('11月25日前')
    await p.setInputFiles('.penadd input[type=file]', [{ name: '扫描.pdf', mimeType: 'application/pdf', buffer: pdf }, { name: '照片.jpg', mimeType: 'image/jpeg', buffer: jpeg }])
    await p.click('.penadd button')
    await drawn(p, '1:0')
    assert.match(await doc(p), /11月25日前备足/)
    assert.equal(await p.locator('[data-sheet]').count(), 3)
    assert.match(await p.textContent('.pp-says'), /第 1 页，共 3 页/)
    assert.ok(await overflow(p) <= 0)
    await t.shot('pen-paper')
    await choose(p, '险情')
    await p.keyboard.press('Alt+PageDown')
    await drawn(p, '2:0')
    await p.keyboard.press('Alt+PageDown')
    await drawn(p, '3:0')
    await p.keyboard.press('Alt+t')
    await drawn(p, '3:1')
    const wide = () => p.evaluate(() => document.querySelector('.pp-view canvas').clientWidth)
    const fit = await wide()
    await p.keyboard.press('Alt+=')
    await p.keyboard.press('Alt+=')
    assert.ok(await wide() > fit * 1.6)
    await t.shot('pen-zoom')
    await p.keyboard.press('Alt+0')
    assert.equal(await wide(), fit)
    await p.keyboard.press('Alt+PageUp')
    await drawn(p, '2:0')
    assert.match(await doc(p), /遇有险情/) // the keys were the paper's alone
    await p.waitForSelector('.pn-status:has-text("已存")')
    await p.reload()
    await p.waitForSelector('.pen-on .cm-content')
    assert.deepEqual(await p.locator('.pn-list li del').allTextContents(), ['落实', '十一月底', '，建立台账', '漏报、']) // as it was typed, told from the texts alone
    assert.match(await doc(p), /11月25日前备足/)
    await p.click('[data-pp=next]')
    await p.click('[data-pp=next]')
    await drawn(p, '3:1') // turned once is turned
    // ---- from change to change, and one of them back ----
    await choose(p, '关于冬季')
    await p.keyboard.press('F8')
    assert.match(await p.evaluate(() => getSelection().toString()), /压实各级|压|各级/)
    await p.click('.pn-list li:has-text("漏报") button:has-text("还原")')
    assert.match(await doc(p), /迟报、漏报、瞒报/)
    await p.waitForSelector('.pn-status:has-text("已存")')
    await p.click('[data-pp=prev]')
    await p.click('figure.on button:has-text("撤下")')
    await p.waitForFunction(() => document.querySelectorAll('[data-sheet]').length === 2)
    const sheet = (await data(p, pen)).sheets[0].link
    assert.equal((await (await p.request.get(sheet)).body()).subarray(1, 4).toString(), 'PNG')
    await p.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(p) <= 0)
    await p.evaluate(() => scrollTo(0, 0))
    await t.shot('phone-pen-paper', { fullPage: true })
    await p.setViewportSize({ width: 1366, height: 768 })
    await p.click('button[value=finish]')
    await p.waitForSelector('.note.ok')
    assert.match((await data(p, path)).text, /压实各级责任。[\s\S]*11月25日前备足防滑、防冻、防火物资。[\s\S]*迟报、漏报/)
    // ---- named in the record of the version; seen by whoever may read, by nobody else ----
    await p.goto(`${path}/versions`)
    assert.match(await p.textContent('tr:has-text("李书记 11月20日 笔改")'), /纸稿2页/)
    const stranger = await plain(t, STAFF)
    t.expectProblem(/404/)
    assert.equal((await stranger.request.get(sheet)).status(), 404)
    await stranger.context().close()
    const b = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', viewport: { width: 1366, height: 768 } }), q = await b.newPage()
    await p.goto(path)
    await p.click('[data-tab=file]')
    await p.fill('form[action$=people] [name=who]', CHIEF)
    await p.click('form[action$=people] button:has-text("邀请")')
    await signIn(q, CHIEF)
    await q.goto(pen)
    await drawn(q, '1:0')
    assert.equal(await q.locator('.penadd button').count(), 1) // the chief may write it: late paper
    await q.screenshot({ path: `${t.shots}/pen-check.png` })
    await q.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(q) <= 0)
    await q.screenshot({ path: `${t.shots}/phone-pen-check.png`, fullPage: true })
    await q.click('button[value=right]')
    assert.match(await q.textContent('table'), /核对无误/)
    await b.close()
})

test('照纸录：停笔存着的时候点录完，不当成别人录过', async t => {
    const { path, pen } = await begun(t), p = t.page
    await signIn(p, SECRETARY)
    await p.goto(pen)
    await p.waitForSelector('.pen-on .cm-content')
    let go
    const held = new Promise(done => { go = done })
    await p.route(`**${pen}`, async route => { if (/act=keep/.test(route.request().postData() ?? '')) { const answer = await route.fetch(); await held; return route.fulfill({ response: answer }) } return route.continue() })
    const asked = p.waitForRequest(r => /act=keep/.test(r.postData() ?? ''))
    await choose(p, '落实责任')
    await p.keyboard.type('压实责任')
    await asked
    const finished = p.waitForURL(`**${path}/pens`)
    await p.click('button[value=finish]')
    go()
    await finished
    assert.match(await p.textContent('.note.ok'), /已录完/)
    assert.match((await data(p, path)).text, /压实责任/)
})

test('照纸录：输入法一个词一个词写，写在改过的字上，列表跟着，没有内联样式', async t => {
    const { pen } = await begun(t), p = t.page, cdp = await p.context().newCDPSession(p)
    const compose = async (letters, words) => {
        for (let i = 1; i <= letters.length; i++) await cdp.send('Input.imeSetComposition', { text: letters.slice(0, i), selectionStart: i, selectionEnd: i })
        await cdp.send('Input.insertText', { text: words })
    }
    const list = (del, ins) => p.waitForFunction(([d, i]) => {
        const words = what => Array.from(document.querySelectorAll(`.pn-list ${what}`), x => x.textContent).join('|')
        return words('del') === d && words('ins') === i
    }, [del, ins])
    await signIn(p, SECRETARY)
    await p.goto(pen)
    await p.waitForSelector('.pen-on .cm-content')
    await p.evaluate(() => {
        window.__csp = []
        document.addEventListener('securitypolicyviolation', e => window.__csp.push(`${e.effectiveDirective} ${e.sample}`))
    })
    await choose(p, '落实责任')
    await compose('yashizeren', '压实责任')
    assert.match(await doc(p), /一、压实责任。各部门/)
    await list('落', '压')
    await choose(p, '压实')
    await compose('zhashi', '扎实压紧') // over what was put in
    assert.match(await doc(p), /一、扎实压紧责任。各部门/)
    await list('落实', '扎实压紧') // one character between two changes goes with them
    await choose(p, '压紧责任')
    await p.keyboard.type('A')
    assert.match(await doc(p), /一、扎实A。各部门/)
    await choose(p, '。各部门')
    await compose('bi', '必')
    await compose('xu', '须')
    assert.match(await doc(p), /扎实A必须主要负责同志/)
    await p.keyboard.press('Control+z')
    await p.keyboard.press('Control+z')
    await p.keyboard.press('Control+z')
    for (let i = 0; i < 12 && await doc(p) !== BODY; i++) await p.keyboard.press('Control+z')
    assert.equal(await doc(p), BODY)
    await list('', '')
    // a paragraph away, one more in
    await choose(p, '二、备足物资。十一月底前备足防滑、防冻、防火物资，建立台账。\n')
    await p.keyboard.press('Delete')
    await choose(p, '2026年11月18日')
    await p.keyboard.press('ArrowLeft')
    await p.keyboard.type('请予审议。')
    await p.keyboard.press('Enter')
    await list('二、备足物资。十一月底前备足防滑、防冻、防火物资，建立台账。↵', '请予审议。↵')
    assert.deepEqual(await p.evaluate(() => window.__csp), [])
    await p.waitForSelector('.pn-status:has-text("已存")')
    await p.reload()
    await p.waitForSelector('.pen-on .cm-content')
    await list('二、备足物资。十一月底前备足防滑、防冻、防火物资，建立台账。↵', '请予审议。↵')
})
