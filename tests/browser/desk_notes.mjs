// Comments and suggestions at the desk: two people in one manuscript, each in a browser of his own.
import { assert, test } from './harness.mjs'
import { data, overflow, signIn, CHIEF, SECRETARY } from './lib/office.mjs'

const BODY = '关于加强值班的通知\n各部门：\n一、每日报告。\n二、领导带班。\n三、及时处置。\n'
const doc = page => page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
const seen = (page, words) => page.waitForFunction(w => document.querySelector('.dk').textContent.includes(w), words)
const said = (page, re) => page.waitForFunction(s => new RegExp(s).test(document.querySelector('.dk-say').textContent), re.source)
const settled = page => page.waitForFunction(() => document.querySelector('.desk').dataset.unsent === '0')

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
    await page.waitForFunction(() => !/正在取/.test(document.querySelector('[data-pane=notes]')?.textContent ?? '正在取'))
}

/** A manuscript of the secretary, and the chief at it in another browser: to read, or to write. */
async function two(t, writes = false, text = BODY) {
    const a = t.page
    await signIn(a, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('main [name=title]', '关于加强值班的通知')
    await a.click('main button.go')
    await a.waitForURL(/manuscripts\/\d+$/)
    const path = new URL(a.url()).pathname
    await a.waitForSelector('.desk-on .cm-content')
    await a.keyboard.press('Control+a')
    await a.keyboard.insertText(text)
    await a.keyboard.press('Control+s')
    await a.waitForFunction(() => document.querySelector('.desk').dataset.unsent === '0' && document.querySelector('.desk').dataset.seq !== '0')
    const csrf = await a.inputValue('form[action$=people] [name=csrf]')
    await a.request.post(`${path}/people`, { form: { csrf, who: CHIEF, ...(writes ? { writes: '1' } : {}) } })
    const b = await person(t, CHIEF)
    await open(b, path)
    return { a, b, path }
}

/** Select some words of the text, as one does with the mouse or with shift. */
async function select(page, words) {
    await page.evaluate(w => {
        const v = document.querySelector('.desk').desk.view, at = v.state.doc.toString().indexOf(w)
        if (at < 0) throw new Error(`not in the text: ${w}`)
        v.focus()
        v.dispatch({ selection: { anchor: at, head: at + w.length }, scrollIntoView: true })
    }, words)
}
async function comment(page, words, what) {
    await select(page, words)
    await page.keyboard.press('Alt+m')
    await page.fill('.nt-box textarea', what)
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('.nt-box', { state: 'detached' })
}

test('批注：选中几个字写下，另一个人马上看见，跟着字走，回复，解决', async t => {
    const { a, b, path } = await two(t)
    await comment(b, '领导带班', '要不要写明几点到几点？')
    assert.equal(await b.locator('.nt-c', { hasText: '领导带班' }).count(), 1)
    await seen(a, '要不要写明')
    assert.equal(await a.locator('.nt-c').textContent(), '领导带班')
    // the words are moved along while somebody writes in front of them and in them
    await a.evaluate(() => {
        const v = document.querySelector('.desk').desk.view, at = v.state.doc.toString().indexOf('一、每日')
        v.dispatch({ changes: { from: at, insert: '现将有关事项通知如下。\n' }, userEvent: 'input.type' })
        const in_ = v.state.doc.toString().indexOf('带班')
        v.dispatch({ changes: { from: in_, insert: '在岗' }, userEvent: 'input.type' })
    })
    assert.equal(await a.locator('.nt-c').textContent(), '领导在岗带班')
    await b.waitForFunction(() => document.querySelector('.nt-c')?.textContent === '领导在岗带班')
    await a.keyboard.press('Alt+j')
    await a.waitForSelector('.dk-margin .nt.on')
    assert.match(await a.textContent('.dk-margin .nt.on'), /秋知衡于.*要不要写明几点到几点？/)
    await t.shot('desk-note')
    await a.keyboard.press('Alt+l')
    assert.equal(await a.evaluate(() => document.querySelector('.desk').desk.view.state.selection.main.empty), true)
    await a.keyboard.type('写明：8时至次日8时')
    await a.keyboard.press('Enter')
    await seen(b, '8时至次日8时')
    await b.keyboard.press('Alt+j')
    await b.screenshot({ path: `${t.shots}/desk-note-reader.png` })
    await a.keyboard.press('Alt+4')
    await a.waitForFunction(() => /1条未办/.test(document.querySelector('[data-pane=notes]').innerText))
    await t.shot('desk-note-pane')
    await a.keyboard.press('Alt+j')
    await a.keyboard.press('Alt+a')
    await a.waitForFunction(() => !document.querySelector('.nt-c'))
    await b.waitForFunction(() => !document.querySelector('.nt-c'))
    await settled(a)
    assert.match((await data(a, path)).text, /领导在岗带班/)
    assert.equal((await data(a, `${path}/notes`)).open, 0)
    await b.context().close()
})

test('几条批注依次跳，别人的不能撤回，提的人删了原文也知道', async t => {
    const { a, b } = await two(t)
    await comment(b, '各部门', '加所属单位')
    await comment(b, '每日报告', '报给谁')
    await comment(a, '及时处置', '太笼统')
    await b.waitForFunction(() => document.querySelectorAll('.nt-c').length === 3)
    await a.waitForFunction(() => document.querySelectorAll('.nt-c').length === 3)
    const on = page => page.evaluate(() => document.querySelector('.nt-c.nt-on')?.textContent)
    await a.keyboard.press('Control+Home')
    for (const words of ['各部门', '每日报告', '及时处置', '各部门']) { await a.keyboard.press('Alt+j'); assert.equal(await on(a), words) }
    await a.keyboard.press('Alt+k')
    assert.equal(await on(a), '及时处置')
    await a.keyboard.press('Alt+k')
    await a.keyboard.press('Alt+r')
    await said(a, /不能撤回/)
    await select(a, '一、每日报告。')
    await a.keyboard.press('Delete')
    await b.waitForFunction(() => document.querySelectorAll('.nt-c').length === 2)
    await b.click('[data-tab=notes]')
    await b.waitForFunction(() => /原文“每日报告”已经删去/.test(document.querySelector('[data-pane=notes]').innerText))
    await b.context().close()
})

test('手机上看批注、写批注', { phone: true }, async t => {
    const { a, b } = await two(t)
    await comment(b, '每日报告', '报给谁')
    await a.waitForFunction(() => document.querySelectorAll('.nt-c').length === 1)
    await select(a, '领导带班')
    await a.click('[data-do=note]')
    await t.shot('desk-note-phone-box')
    await a.fill('.nt-box textarea', '写明时间')
    await a.click('.nt-box .go')
    await a.waitForFunction(() => document.querySelectorAll('.nt-c').length === 2)
    await t.shot('desk-note-phone')
    await a.click('[data-show=margin]')
    assert.equal(await a.locator('.dk-margin .nt:visible').count(), 2)
    await t.shot('desk-note-phone-list')
    await a.click('[data-show=right]')
    await a.click('[data-tab=notes]')
    await t.shot('desk-note-phone-pane')
    assert.ok(await overflow(a) <= 0)
    await a.locator('[data-pane=notes] .nt', { hasText: '报给谁' }).locator('button', { hasText: '解决' }).click()
    await b.waitForFunction(() => document.querySelectorAll('.nt-c').length === 1)
    await b.context().close()
})

/** What one sees in the text: [-struck-] and {+put in+}. */
const shown = page => page.evaluate(() => {
    const walk = n => n.nodeType === 3 ? n.data : n.classList.contains('nt-ins') ? `{+${n.innerText}+}` : n.classList.contains('ds-caret') ? '' : [...n.childNodes].map(walk).join('')
    const line = l => [...l.childNodes].map(n => n.nodeType === 1 && n.classList.contains('nt-del') ? `[-${walk(n)}-]` : walk(n)).join('').replace(/-\]\[-/g, '')
    return [...document.querySelectorAll('.cm-line')].map(line).join('\n')
})
const shows = (page, words) => page.waitForFunction(w => {
    const walk = n => n.nodeType === 3 ? n.data : n.classList.contains('nt-ins') ? `{+${n.innerText}+}` : n.classList.contains('ds-caret') ? '' : [...n.childNodes].map(walk).join('')
    const line = l => [...l.childNodes].map(n => n.nodeType === 1 && n.classList.contains('nt-del') ? `[-${walk(n)}-]` : walk(n)).join('').replace(/-\]\[-/g, '')
    return [...document.querySelectorAll('.cm-line')].map(line).join('\n').includes(w)
}, words)
const put = (page, words) => page.evaluate(w => {
    const v = document.querySelector('.desk').desk.view
    v.focus()
    v.dispatch({ selection: { anchor: v.state.doc.toString().indexOf(w) + w.length } })
}, words)
const kept = (page, n) => page.waitForFunction(k => document.querySelector('[data-tab=notes] b').textContent === String(k) && !document.querySelector('.nt-mine'), n)

test('建议修改：只能看的人写的删的都是建议，正文一字不动，一条一条定', async t => {
    const { a, b, path } = await two(t)
    const before = await doc(a)
    await b.keyboard.press('Alt+s')
    await put(b, '每日')
    await b.keyboard.type('17时前')
    assert.match(await shown(b), /一、每日\{\+17时前\+\}报告。/)
    await put(b, '领导带班')
    for (let i = 0; i < 2; i++) await b.keyboard.press('Backspace')
    await b.keyboard.type('在岗值班')
    await b.keyboard.press('Backspace')
    await b.keyboard.type('守')
    assert.match(await shown(b), /领导\[-带班-\]\{\+在岗值守\+\}。/)
    await select(b, '三、及时处置。')
    await b.keyboard.press('Delete')
    await kept(b, 3)
    await b.screenshot({ path: `${t.shots}/desk-suggest.png` })
    await put(b, '每日') // going on with an own one
    await b.keyboard.type('每天')
    await b.keyboard.press('Control+z')
    await b.keyboard.type('18时前')
    await shows(a, '每日{+18时前+}报告。')
    await kept(b, 3)
    assert.equal(await doc(b), before)
    assert.equal(await doc(a), before)
    assert.equal((await data(a, path)).text, before)
    await a.keyboard.press('Control+Home')
    await a.keyboard.press('Alt+j')
    await t.shot('desk-suggest-owner')
    await a.keyboard.press('Alt+a')
    await a.waitForFunction(() => document.querySelector('.desk').desk.view.state.doc.toString().includes('每日18时前报告'))
    await a.keyboard.press('Alt+j')
    await a.keyboard.press('Alt+j')
    await a.keyboard.press('Alt+r')
    await a.waitForFunction(() => document.querySelectorAll('.nt-del').length === 1)
    await kept(b, 1)
    assert.match(await shown(b), /领导\[-带班-\]\{\+在岗值守\+\}。/)
    // its words are changed meanwhile: it says so, and does not touch them
    await select(a, '带班')
    await a.keyboard.type('值班')
    await b.waitForFunction(() => /原文已改|原文“带班”已经删去/.test(document.querySelector('.dk-margin').textContent))
    await a.keyboard.press('Alt+j')
    await a.keyboard.press('Alt+a')
    await said(a, /已经改过|已经删去/)
    await settled(a)
    assert.equal((await data(a, path)).text, before.replace('每日', '每日18时前').replace('带班', '值班'))
    await b.context().close()
})

test('建议修改：一个人的全部采纳', async t => {
    const { a, b, path } = await two(t)
    await b.click('[data-do=suggest]')
    for (const [at, words] of [['各部门', '、各单位'], ['每日', '17时'], ['领导', '在岗']]) { await put(b, at); await b.keyboard.type(words) }
    await kept(b, 3)
    await b.click('[data-do=suggest]') // off again: he may only read
    await b.keyboard.type('不该进去')
    await a.waitForFunction(() => document.querySelector('[data-tab=notes] b').textContent === '3')
    await a.keyboard.press('Alt+4')
    await t.shot('desk-suggest-all')
    await a.click('.nt-from button')
    await said(a, /采纳了3条/)
    await a.waitForFunction(() => !document.querySelector('.nt-ins'))
    assert.equal((await data(a, path)).text, BODY.replace('各部门', '各部门、各单位').replace('每日', '每日17时').replace('领导', '领导在岗'))
    assert.equal((await data(a, path)).seq, (await data(a, `${path}/changes?after=0`)).updates.length)
    await b.waitForFunction(() => document.querySelector('[data-tab=notes] b').textContent === '')
    await b.context().close()
})

test('建议修改：用输入法写也不进正文，选中的字照样在', async t => {
    const { a, b, path } = await two(t, true)
    const before = await doc(a), cdp = await b.context().newCDPSession(b)
    const compose = async (letters, words) => {
        for (let i = 1; i <= letters.length; i++) await cdp.send('Input.imeSetComposition', { text: letters.slice(0, i), selectionStart: i, selectionEnd: i })
        await cdp.send('Input.insertText', { text: words })
        await b.waitForFunction(() => !document.querySelector('.desk').dataset.held)
    }
    await comment(b, '带班', '这两个字？')
    await b.keyboard.press('Alt+s')
    await put(b, '每日')
    await compose('shiqi', '十七')
    await compose('shi', '时')
    assert.match(await shown(b), /一、每日\{\+十七时\+\}报告。/)
    await select(b, '带班')
    await compose('zhishou', '值守')
    assert.match(await shown(b), /领导\[-带班-\]\{\+值守\+\}。/)
    await kept(b, 3)
    assert.equal(await doc(b), before)
    assert.equal(await b.locator('.nt-c').textContent(), '带班')
    await shows(a, '每日{+十七时+}报告。')
    await shows(a, '领导[-带班-]{+值守+}。')
    await settled(b)
    assert.equal((await data(a, path)).text, before)
    assert.equal((await data(a, path)).seq, 1) // not a letter of it went there
    await b.keyboard.press('Alt+s')
    await put(b, '及时')
    await compose('tuo', '妥善') // an ordinary edit again
    await settled(b)
    assert.match((await data(a, path)).text, /及时妥善处置/)
    await b.context().close()
})
