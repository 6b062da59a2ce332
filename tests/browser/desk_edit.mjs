// Editing at the desk: what is accepted is undone like what is typed; words that bear marks are edited as any others.
import { assert, test } from './harness.mjs'
import { CHIEF, data, SECRETARY, signIn, STAFF } from './lib/office.mjs'
import { comment, doc, said, seen, select, settled, two } from './lib/desk.mjs'

const openNotes = async (page, path) => (await data(page, `${path}/notes`)).rows.filter(r => r.sort === 'suggestion')
const undo = page => page.keyboard.press('Control+z')

/** The chief suggests, by the keys of a person who may only read. */
async function suggest(b, words, put) {
    await select(b, words)
    await b.keyboard.press('Alt+s')
    await b.keyboard.insertText(put)
    await b.waitForFunction(() => document.querySelector('.fc.suggestion'))
    await b.keyboard.press('Alt+s')
}

test('采纳的建议，Ctrl+Z撤得回来，建议又是未办的；再恢复又是采纳', async t => {
    const { a, b, path } = await two(t)
    await suggest(b, '领导带班', '领导在岗带班')
    await seen(a, '在岗')
    const before = await doc(a)
    await select(a, '领导带班')
    await a.keyboard.press('Alt+a')
    await said(a, '已采纳')
    await a.waitForFunction(() => document.querySelector('.desk').desk.view.state.doc.toString().includes('领导在岗带班'))
    assert.equal((await openNotes(a, path)).length, 0)
    await a.keyboard.press('Control+End')
    await a.keyboard.type('再写一行。')
    await undo(a)
    assert.match(await doc(a), /领导在岗带班/)
    await undo(a)
    assert.equal(await doc(a), before)
    await settled(a)
    await a.waitForFunction(() => document.querySelector('.nt-ins')?.textContent === '在岗')
    const [row] = await openNotes(a, path)
    assert.ok(row.may_accept && row.quote === '领导带班' && (await data(a, path)).text === before)
    await b.waitForFunction(() => document.querySelector('.nt-ins')?.textContent === '在岗')
    await a.keyboard.press('Control+y')
    await a.waitForFunction(() => !document.querySelector('.nt-ins'))
    assert.match(await doc(a), /领导在岗带班/)
    await settled(a)
    await a.waitForFunction(() => document.querySelector('[data-tab=notes] b').textContent === '')
    assert.equal((await openNotes(a, path)).length, 0)
    // and once more, as it is for any edit
    await undo(a)
    await a.waitForFunction(() => document.querySelector('.nt-ins')?.textContent === '在岗')
    assert.equal(await doc(a), before)
})

const MARKED = '版式：文件\n关于开展安全检查的通知\n各部门：\n现将任务布署如下。各单位要座好准备。\n一、压实责任\n（一）落实主体责任。主要负责人再次布署落实。\n附件：清单\n序号\t工点\n1\t雁回隧道\n'
const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red;background:yellow}</style></head><body lang=ZH-CN style='color:red'>
<!--StartFragment--><p class=MsoNormal style='text-indent:32pt;background:yellow'><span style='font-size:16pt;font-family:仿宋_GB2312;color:#C00000'>要<b>布署</b>到位。<o:p></o:p></span></p>
<p class=MsoNormal style='mso-list:l0 level1 lfo1'>逐项销号。</p><!--EndFragment--></body></html>`

test('标了问题和批注的字里写、删、并行、贴、拖，一个字不少，也没有违反页面的规矩', async t => {
    const { a, b } = await two(t, true, MARKED)
    await a.evaluate(() => {
        window.__csp = []
        document.addEventListener('securitypolicyviolation', e => window.__csp.push(`${e.effectiveDirective} ${e.sample}`))
    })
    await comment(b, '压实责任', '谁的责任？')
    await suggest(b, '主要', '首要')
    await select(b, '再次')
    await a.waitForSelector('.nt-c')
    await a.waitForSelector('.nt-del')
    await a.waitForSelector('.ds-sel')
    const cdp = await a.context().newCDPSession(a)
    const compose = async words => {
        for (const letters of ['b', 'bu', 'bus']) await cdp.send('Input.imeSetComposition', { text: letters, selectionStart: letters.length, selectionEnd: letters.length })
        await cdp.send('Input.insertText', { text: words })
    }
    const paste = async html => a.evaluate(h => {
        const d = new DataTransfer()
        d.setData('text/html', h)
        d.setData('text/plain', '没有用到')
        document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }))
    }, html)
    const ways = {
        写: [async () => { await a.keyboard.type('某x') }, '某x'],
        输入法写: [() => compose('部署'), '部署'],
        删了再写: [async () => { await a.keyboard.press('Delete'); await a.keyboard.type('y') }, 'y'],
        退格再用输入法: [async () => { await a.keyboard.press('Backspace'); await compose('部') }, '部'],
        换行: [async () => { await a.keyboard.press('Enter'); await compose('另') }, '\n另'],
        剪下贴上: [async words => { await a.keyboard.press('Control+x'); await a.keyboard.press('Control+v') }, null],
        从Word贴来: [() => paste(WORD), '要布署到位。\n逐项销号。'],
    }
    const parts = ['布署', '座好', '压实责任', '主要', '再次布署', '雁回', '版式：', '开展安全检查的通知\n各部', '要座好准备。\n一、压实', '责任\n（一）落实', '附件：清单\n序号\t工']
    for (const part of parts) for (const [name, [way, put]] of Object.entries(ways)) {
        const before = await doc(a), at = before.indexOf(part)
        assert.ok(at >= 0, `${part}: ${before}`)
        await select(a, part)
        await way(part)
        await a.waitForFunction(() => !document.querySelector('.desk').desk.view.composing)
        const after = before.slice(0, at) + (put ?? part) + before.slice(at + part.length)
        await a.waitForFunction(w => document.querySelector('.desk').desk.view.state.doc.toString() === w, after, { timeout: 5000 })
            .catch(async () => assert.equal(await doc(a), after, `${name}：${part}`))
        assert.equal(await a.evaluate(() => window.__csp.splice(0).join()), '', `${name}：${part}`)
        assert.equal(await a.$$eval('.cm-content [style]', v => v.length), 0, `${name}：${part}`)
        while (await doc(a) !== before) await a.keyboard.press('Control+z')
    }
    // a word put into the middle of marked ones
    for (const part of ['布署', '主要', '责任']) {
        const before = await doc(a), at = before.indexOf(part) + 1
        await select(a, part)
        await a.keyboard.press('ArrowLeft')
        await a.keyboard.press('ArrowRight')
        await compose('夹入')
        await a.waitForFunction(w => document.querySelector('.desk').desk.view.state.doc.toString() === w, before.slice(0, at) + '夹入' + before.slice(at), { timeout: 5000 })
        while (await doc(a) !== before) await a.keyboard.press('Control+z')
    }
    // a line joined to the one in front, marked words dragged to another place
    for (const line of ['一、压实责任', '（一）落实', '附件：', '各部门']) {
        const before = await doc(a), at = before.indexOf(line)
        await select(a, line)
        await a.keyboard.press('ArrowLeft')
        await a.keyboard.press('Backspace')
        await compose('并')
        await a.waitForFunction(w => document.querySelector('.desk').desk.view.state.doc.toString() === w, before.slice(0, at - 1) + '并' + before.slice(at), { timeout: 5000 })
        while (await doc(a) !== before) await a.keyboard.press('Control+z')
    }
    const before = await doc(a), spot = words => a.evaluate(w => {
        const v = document.querySelector('.desk').desk.view, at = v.state.doc.toString().indexOf(w), c = v.coordsAtPos(at, 1), e = v.coordsAtPos(at + 1, 1)
        return { x: c.left, mid: (c.left + e.left) / 2, y: (c.top + c.bottom) / 2 }
    }, words)
    await select(a, '座好')
    const from = await spot('座好'), to = await spot('落实主体')
    await a.mouse.move(from.mid, from.y)
    await a.mouse.down()
    await a.mouse.move(from.mid + 4, from.y, { steps: 2 }) // as a hand does
    await a.mouse.move(to.x + 1, to.y, { steps: 6 })
    await a.mouse.up()
    await a.waitForFunction(w => document.querySelector('.desk').desk.view.state.doc.toString() === w, before.replace('座好', '').replace('落实主体', '座好落实主体'))
    assert.equal(await a.evaluate(() => window.__csp.join()), '')
    assert.deepEqual(t.problems, [])
    await settled(a)
    await b.context().close()
})

const status = (page, re) => page.waitForFunction(s => new RegExp(s).test(document.querySelector('.dk-status').textContent), re.source, { timeout: 60000 })
/** The browser's processes stand still, as behind a closed lid: not a timer runs, lines die without a word. */
async function asleep(t, ms) {
    const cdp = await t.context.browser().newBrowserCDPSession(), { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
    await cdp.detach()
    const all = processInfo.filter(p => p.type === 'renderer' || p.type === 'utility').map(p => p.id)
    for (const p of all) process.kill(p, 'SIGSTOP')
    await new Promise(done => setTimeout(done, ms))
    for (const p of all) process.kill(p, 'SIGCONT')
}

test('刚写的还在路上，按钮连点两下：存下以后办一次', async t => {
    const { a, b, path } = await two(t)
    let go, posts = 0
    const held = new Promise(done => { go = done })
    a.on('request', r => { if (r.method() === 'POST' && r.url().endsWith(`${path}/people`)) posts++ })
    await a.route(`**${path}/changes`, async route => { await held; await route.continue() })
    await a.keyboard.press('Control+End')
    const asked = a.waitForRequest(r => r.url().endsWith('/changes') && r.method() === 'POST')
    await a.keyboard.insertText('特此通知。')
    await asked
    await a.evaluate(async who => {
        const f = [...document.querySelectorAll('form[action$=people]')].find(x => x.elements.who), go = f.querySelector('button:not([type=button])')
        f.elements.who.value = who
        f.requestSubmit(go)
        await new Promise(done => setTimeout(done, 40))
        f.requestSubmit(go)
    }, STAFF)
    const gone = a.waitForNavigation()
    go()
    await gone
    await a.waitForLoadState()
    assert.equal(posts, 1)
    assert.match((await data(a, path)).text, /特此通知。/)
    await b.context().close()
})

test('合上电脑再打开：别人写了，自己没有送到的也在，状态说的是真的', { timeout: 240000 }, async t => {
    t.expectProblem(/ERR_|401|403|409/)
    const { a, b, path } = await two(t, true)
    const csrf = await b.inputValue('input[name=csrf]'), { seq } = await data(b, path)
    const write = async (after, number, changes) => assert.equal((await b.request.post(`${path}/changes`, { form: { csrf, after, client: 'other', number, changes: JSON.stringify(changes) } })).status(), 200)
    const text = await doc(a)
    await b.goto('/') // the other one writes from elsewhere
    await t.context.setOffline(true)
    await a.keyboard.press('Control+End')
    await a.keyboard.type('合上以前写的。')
    await status(a, /线路不通，写下的先存在这台电脑上/)
    const nap = asleep(t, Number(process.env.NAP_MS ?? 14000))
    await write(seq, 1, [[0, '别人写在前面的。'], text.length])
    await nap
    await a.keyboard.type('打开以后写的。')
    await status(a, /线路不通/) // still away: it does not say that it is stored
    assert.equal((await data(b, path)).text, '别人写在前面的。' + text)
    await t.context.setOffline(false)
    await status(a, /^已保存$/)
    const whole = '别人写在前面的。' + text + '合上以前写的。打开以后写的。'
    assert.equal(await doc(a), whole)
    assert.equal((await data(b, path)).text, whole)
    // asleep with a good line: what came meanwhile is there without a key being pressed
    const again = asleep(t, 14000), now = (await data(b, path)).seq
    await write(now, 2, [[0, '又写一句。'], whole.length])
    await again
    await a.waitForFunction(() => document.querySelector('.desk').desk.view.state.doc.toString().startsWith('又写一句。'))
    await b.context().close()
})

test('过夜登录过期：写下的存着，在另一个窗口登录后自己送到；关了再开也马上并入', async t => {
    t.expectProblem(/401|403/)
    const { a, b, path } = await two(t)
    const out = await t.context.newPage()
    await out.goto('/')
    await out.request.post('/logout', { form: { csrf: await out.inputValue('input[name=csrf]') } })
    await a.bringToFront()
    await a.keyboard.press('Control+End')
    await a.keyboard.type('过期以后写的。')
    await status(a, /登录已过期，写下的先存在这台电脑上/)
    // somebody else at this computer: nothing is sent in his name
    const before = await doc(b)
    await signIn(out, CHIEF)
    await status(a, /没有保存/)
    await said(a, '登录的是别人')
    assert.equal((await data(b, path)).text, before)
    await out.request.post('/logout', { form: { csrf: await out.inputValue('input[name=csrf]') } })
    await signIn(out, SECRETARY)
    await a.reload()
    await a.waitForFunction(() => document.querySelector('.desk').desk?.view.state.doc.toString().includes('过期以后写的。'), null, { timeout: 5000 })
    await status(a, /^已保存$/)
    // and without loading the page anew
    await out.request.post('/logout', { form: { csrf: await out.inputValue('input[name=csrf]') } })
    await a.keyboard.press('Control+End')
    await a.keyboard.type('又过期。')
    await status(a, /登录已过期/)
    await signIn(out, SECRETARY)
    await status(a, /^已保存$/)
    assert.match((await data(b, path)).text, /过期以后写的。又过期。/)
    await b.context().close()
})
