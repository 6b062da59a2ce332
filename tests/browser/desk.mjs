// The drafting desk: writing by keyboard, findings beside the text, elements as lines, the page, what comes from Word, a broken line.
import { assert, test } from './harness.mjs'
import { data, overflow, signIn } from './lib/office.mjs'

async function draft(t, text = '', title = '关于开展安全检查的通知') {
    await signIn(t.page)
    await t.goto('/manuscripts/new')
    await t.page.fill('main [name=title]', title)
    await t.page.click('main button.go')
    await t.page.waitForURL(/manuscripts\/\d+$/)
    await t.page.waitForSelector('.desk-on .cm-content')
    await t.page.keyboard.press('Control+a')
    await t.page.keyboard.insertText(text || title + '\n')
    return new URL(t.page.url()).pathname
}
const text = t => t.page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
const saved = t => t.page.waitForFunction(() => /^已保存/.test(document.querySelector('.dk-status').textContent))

test('从空白写起：结构、提纲、版面、保存', async t => {
    const path = await draft(t)
    await t.page.keyboard.type('集团各部门：\n现将有关事项通知如下。\n一、压实责任\n（一）落实主体责任。主要负责人是第一责任人。\n')
    await t.page.waitForFunction(() => document.querySelectorAll('.dk-outline li button').length === 3)
    assert.equal(await t.page.locator('.cm-line.l-title').count(), 1)
    assert.equal(await t.page.locator('.cm-line.l-to').count(), 1)
    assert.equal(await t.page.locator('.cm-line.l-h1').count(), 1)
    await t.page.waitForFunction(() => document.querySelector('.pg-sheet svg')?.textContent.includes('压实责任'))
    assert.match(await t.page.textContent('.pg-no'), /第1页，共1页/)
    await t.page.keyboard.press('Control+s')
    await saved(t)
    assert.match((await data(t.page, path)).text, /（一）落实主体责任/)
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('desk')
    await t.page.reload()
    await t.page.waitForSelector('.cm-line.l-h2')
    assert.match(await text(t), /第一责任人/)
})

test('印发件：接在日期后面，提纲里与标题并列，序号从头起', async t => {
    await draft(t, '关于印发《安全管理办法》的通知\n各部门：\n一、请遵照执行。\n二、执行情况年底前报送。\n云岭集团\n2026年7月13日\n安全管理办法\n（2026年7月1日通过）\n各分公司：\n一、总体要求\n略。\n')
    await t.page.waitForSelector('.cm-line.l-carried')
    assert.equal(await t.page.textContent('.cm-line.l-carried'), '安全管理办法')
    assert.equal(await t.page.textContent('.cm-line.l-sub'), '（2026年7月1日通过）')
    await t.page.waitForFunction(() => document.querySelectorAll('.dk-outline li button').length === 5)
    assert.deepEqual(await t.page.evaluate(() => [...document.querySelectorAll('.dk-outline li button')].map(b => b.textContent)),
        ['关于印发《安全管理办法》的通知', '一、请遵照执行', '二、执行情况年底前报送', '安全管理办法', '一、总体要求'])
    assert.equal(await t.page.inputValue('.el-row [aria-label=主送]'), '各部门') // of the notice
    await t.page.click('.cm-content')
    await t.page.keyboard.press('Control+End')
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /略。\n二、$/)
    await t.page.waitForFunction(() => /共2页|共3页|共4页/.test(document.querySelector('.pg-no').textContent))
    await t.shot('desk-carried')
})

test('边写边查：一个键采纳，略过的不再提示', async t => {
    await draft(t, '关于开展安全检查的通知\n各部门：\n现将任务布署如下。各单位要座好准备。\n')
    await t.page.waitForSelector('.f-error')
    await t.page.keyboard.press('Control+Home')
    await t.page.keyboard.press('F8')
    await t.page.waitForSelector('.fc.on')
    await t.shot('desk-finding')
    await t.page.keyboard.press('Alt+Enter')
    assert.match(await text(t), /部署如下/)
    await t.page.keyboard.press('Control+End')
    await t.page.keyboard.type('请再次布署。')
    await t.page.waitForFunction(() => [...document.querySelectorAll('.f-error')].some(e => e.textContent === '布署'))
    await t.page.keyboard.press('Control+Home')
    for (let i = 0; i < 6 && await t.page.evaluate(() => getSelection().toString()) !== '布署'; i++) await t.page.keyboard.press('F8')
    await t.page.waitForSelector('.fc.on .fc-pass')
    await t.page.keyboard.press('Alt+Delete')
    await t.shot('desk-reasons')
    const [list, margin] = await Promise.all(['.fc-reasons', '.dk-margin'].map(s => t.page.locator(s).first().boundingBox()))
    assert.ok(list.x >= margin.x && list.x + list.width <= margin.x + margin.width, 'the reasons are cut off')
    await t.page.keyboard.press('3')
    assert.equal(await t.page.evaluate(() => document.activeElement.className), 'in missing', 'an error is passed over without a reason')
    await t.page.keyboard.type('引文原样3处')
    await t.page.keyboard.press('Enter')
    await t.page.waitForFunction(() => ![...document.querySelectorAll('.f')].some(e => e.textContent === '布署'))
    await t.page.keyboard.press('Control+End')
    await t.page.keyboard.type('\n三是布署到位。')
    await t.page.waitForTimeout(3000)
    assert.equal(await t.page.locator('.f', { hasText: '布署' }).count(), 0)
    assert.match(await text(t), /再次布署/)
})

test('要素是正文前面的行：写进去，也读得出', async t => {
    await draft(t, '关于开展安全检查的通知\n正文。\n')
    const row = name => t.page.locator(`.el-row [aria-label="${name}"]`)
    await row('版式').selectOption('文件')
    await row('发文机关').fill('云岭集团、云岭建设')
    await row('发文机关').press('Enter')
    await row('主送').fill('各部门')
    await row('主送').press('Enter')
    await row('文种').selectOption('通报')
    await row('紧急程度').selectOption('特急')
    assert.equal(await text(t), '版式：文件\n发文机关：云岭集团、云岭建设\n紧急程度：特急\n关于开展安全检查的通报\n各部门：\n正文。\n')
    await row('紧急程度').selectOption('')
    assert.doesNotMatch(await text(t), /紧急程度/)
    await t.page.click('.cm-content')
    await t.page.keyboard.press('Control+Home')
    await t.page.keyboard.type('签发人：王某\n')
    await t.page.waitForFunction(() => document.querySelector('.el-row [aria-label="签发人"]').value === '王某')
    await t.page.waitForFunction(() => /云岭集团/.test(document.querySelector('.pg-sheet svg')?.textContent || ''))
})

test('接着编号，再按换层', async t => {
    await draft(t, '关于开展安全检查的通知\n各部门：\n一、压实责任\n（一）领导责任。主要负责人负责。\n（二）监督责任。安全部门负责。\n')
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /\n（三）$/)
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /\n二、$/)
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /\n1\.$/)
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /\n（三）$/)
    await t.page.keyboard.type('岗位责任。\n')
    await t.page.keyboard.press('Alt+n')
    assert.match(await text(t), /（三）岗位责任。\n（四）$/)
})

test('从 Word 贴来的表格和编号还在', async t => {
    await draft(t, '关于开展安全检查的通知\n')
    await t.page.evaluate(() => {
        const html = `<html><head><style>p{color:red}</style></head><body style="x:y"><p class=MsoNormal style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp;</span></span><![endif]>压实责任</p>
<ol><li>排查</li><li>整改</li></ol><table><tr><td>序号</td><td><p>工点</p></td><td>时间</td></tr><tr><td rowspan=2>1</td><td>雁回隧道</td><td>6月</td></tr><tr><td colspan=2>合计</td></tr></table></body></html>`
        const d = new DataTransfer()
        d.setData('text/html', html)
        d.setData('text/plain', '没有用到')
        document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }))
    })
    assert.equal(await text(t), '关于开展安全检查的通知\n一、压实责任\n1.排查\n2.整改\n序号\t工点\t时间\n1\t雁回隧道\t6月\n\t合计\t')
    assert.match(await t.page.textContent('.dk-say'), /3行表格/)
})

test('写到一句，资料库里的原文在旁边，一个键连出处放进来', async t => {
    await draft(t, '关于精简文件的通知\n各部门：\n')
    await t.page.keyboard.type('现行文件规定仍然适用的，不再重复发文')
    await t.page.waitForFunction(() => document.querySelector('[data-tab=cite] b').textContent !== '')
    await t.page.keyboard.press('Alt+2')
    await t.shot('desk-cite')
    await t.page.keyboard.press('Alt+i')
    assert.match(await text(t), /各部门：\n《.*》（.*号）指出，“现行文件规定仍然适用的，不再重复发文/)
    assert.doesNotMatch(await text(t), /《[^》]*《/)
})

test('光标已经到了另一句：放进来的不换掉那一句', async t => {
    await draft(t, '关于精简文件的通知\n各部门：\n请各单位按照要求认真抓好本月会议安排。\n')
    await t.page.keyboard.type('现行文件规定仍然适用的，不再重复发文')
    await t.page.waitForFunction(() => document.querySelector('[data-tab=cite] b').textContent !== '')
    await t.page.evaluate(() => {
        const v = document.querySelector('.desk').desk.view
        v.dispatch({ selection: { anchor: v.state.doc.line(3).to } })
        v.contentDOM.dispatchEvent(new KeyboardEvent('keydown', { key: 'i', code: 'KeyI', keyCode: 73, altKey: true, bubbles: true, cancelable: true }))
    })
    assert.match(await text(t), /请各单位按照要求认真抓好本月会议安排。《.*》（.*号）指出/)
})

test('断线照写，接上自动保存', async t => {
    t.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const path = await draft(t, '关于开展安全检查的通知\n')
    await t.page.keyboard.press('Control+s')
    await saved(t)
    await t.context.setOffline(true)
    await t.page.keyboard.type('断线时写的。')
    await t.page.waitForFunction(() => /线路不通/.test(document.querySelector('.dk-status').textContent))
    await t.shot('desk-offline')
    await t.context.setOffline(false)
    await saved(t)
    assert.match((await data(t.page, path)).text, /断线时写的/)
})

test('查找替换说得出第几处、共几处、换了几处；提纲跟着光标；没有可略过的不动正文', async t => {
    await draft(t, '关于安全的通知\n各部门：\n' + Array.from({ length: 20 }, (_, i) => `${'一二三四五六七八九十'[i % 10]}、第${i + 1}项\n抓好安全。`).join('\n') + '\n请报【部门】。\n')
    const found = () => t.page.textContent('.dk-found')
    await t.page.locator('.cm-content').press('Control+Home')
    await t.page.keyboard.press('Control+f')
    await t.page.keyboard.type('安全')
    await t.page.keyboard.press('Shift') // the key that ends the word of an input method
    await t.page.waitForFunction(() => document.querySelector('.dk-found')?.textContent === '共21处')
    await t.page.keyboard.press('Enter')
    await t.page.waitForFunction(() => document.querySelector('.dk-found').textContent === '第1处，共21处')
    await t.page.keyboard.type('生产')
    await t.page.keyboard.press('Shift')
    await t.page.waitForFunction(() => document.querySelector('.dk-found').textContent === '没有找到')
    await t.page.fill('.cm-search [name=search]', '抓好')
    await t.page.fill('.cm-search [name=replace]', '做好')
    await t.page.press('.cm-search [name=replace]', 'Shift')
    await t.page.click('.cm-search [name=replaceAll]')
    await t.page.waitForFunction(() => /^替换了20处，没有了$/.test(document.querySelector('.dk-found').textContent)).catch(async () => assert.fail(await found()))
    assert.equal((await text(t)).match(/做好安全/g).length, 20)
    await t.shot('desk-find')
    await t.page.keyboard.press('Escape')
    // the heading that is written under can be seen in the outline
    await t.page.locator('.cm-content').press('Control+End')
    await t.page.waitForFunction(() => document.querySelector('.dk-outline li.on')?.textContent === '十、第20项')
    await t.page.waitForTimeout(300)
    const [on, box] = await Promise.all(['.dk-outline li.on', '.dk-outline'].map(s => t.page.locator(s).boundingBox()))
    assert.ok(on.y >= box.y && on.y + on.height <= box.y + box.height + 1, 'the heading is out of sight')
    await t.page.keyboard.press('Control+Home')
    await t.page.waitForFunction(() => document.querySelector('.dk-outline').scrollTop === 0)
    // a key that has nothing to do says so: it does not select what the next digit would replace
    await t.page.keyboard.press('Alt+Delete')
    await t.page.waitForFunction(() => /没有可以略过的问题/.test(document.querySelector('.dk').textContent))
    const was = await text(t)
    await t.page.keyboard.press('ArrowRight')
    await t.page.keyboard.type('1')
    assert.equal((await text(t)).length, was.length + 1)
})

test('离开的人马上不在场，回来的看不到自己刚才的光标', async t => {
    await draft(t, '关于安全的通知\n各部门：\n抓好安全。\n')
    const other = await t.context.newPage(), path = new URL(t.page.url()).pathname
    await other.goto(path)
    await other.waitForSelector('.desk-on .cm-content')
    await other.locator('.cm-line', { hasText: '抓好' }).click()
    await t.page.waitForFunction(() => /^在场：/.test(document.querySelector('.ds-who')?.textContent ?? ''))
    await other.goto('/')
    await t.page.waitForFunction(() => document.querySelector('.ds-who').textContent === '', null, { timeout: 5000 })
    await other.goto(path)
    await other.waitForSelector('.desk-on .cm-content')
    await t.page.waitForFunction(() => /^在场：/.test(document.querySelector('.ds-who').textContent)) // who comes is there again
    await other.close()
})

test('投屏：字大，未决之处列在旁边', async t => {
    await draft(t, '关于开展安全检查的通知\n各部门：\n请于×月×日前报××部门，（待定）联系人布署，报【主送机关】。\n')
    await t.page.waitForSelector('.f-error')
    await t.page.keyboard.press('F9')
    await t.page.waitForSelector('.stg-list button')
    assert.ok(await t.page.locator('.stg-list b', { hasText: '待填' }).count() >= 2)
    // each place once: a blank that the check speaks of as well is one place, and the heading counts the rows
    await t.page.waitForFunction(() => [...document.querySelectorAll('.stg-list button')].some(b => /错误/.test(b.textContent)))
    const rows = await t.page.locator('.stg-list button').allTextContents()
    assert.equal(rows.filter(r => r.includes('【主送机关】')).length, 1, rows.join('\n'))
    assert.ok(rows.some(r => r === '待填…日前报××部门，（待定）联系人布署，报【主送…'), rows.join('\n')) // each row shows its own place, not the same line again
    assert.equal(await t.page.textContent('.stg-list h2'), `未决之处 ${rows.length}`)
    assert.ok(parseFloat(await t.page.evaluate(() => getComputedStyle(document.querySelector('.cm-scroller')).fontSize)) >= 28)
    await t.shot('desk-stage')
    await t.page.keyboard.press('F9')
    await t.page.waitForFunction(() => !document.querySelector('.dk.stage'))
})

test('手机上看和改几个字', { phone: true }, async t => {
    await draft(t, '关于开展安全检查的通知\n各部门：\n现将任务布署如下。\n' + '各部门要认真落实。\n'.repeat(60) + '再次布署。\n')
    await t.page.waitForSelector('.f-error')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('desk-phone')
    await t.page.click('[data-show=margin]')
    await t.page.locator('.fc:visible', { hasText: '布署' }).nth(1).waitFor() // the first and the last of the text
    await t.shot('desk-phone-list')
    await t.page.click('[data-show=right]')
    await t.page.waitForSelector('.pg-sheet svg')
    await t.shot('desk-phone-page')
})

/** What the page's main thread works, in ms of its own clock, from each keydown until the frame with it is handed over: machine load does not count. */
async function worked(page, type) {
    const cdp = await page.context().newCDPSession(page), events = []
    cdp.on('Tracing.dataCollected', e => events.push(...e.value))
    await cdp.send('Tracing.start', { categories: 'devtools.timeline,disabled-by-default-devtools.timeline', transferMode: 'ReportEvents' })
    await type()
    const ended = new Promise(done => cdp.once('Tracing.tracingComplete', done))
    await cdp.send('Tracing.end')
    await ended
    await cdp.detach()
    const all = events.filter(e => e.ph === 'X').sort((a, b) => a.ts - b.ts)
    const keys = all.filter(e => e.name === 'EventDispatch' && e.args?.data?.type === 'keydown')
    const here = all.filter(e => e.pid === keys[0]?.pid && e.tid === keys[0]?.tid), tasks = here.filter(e => e.name === 'RunTask'), frames = here.filter(e => e.name === 'Commit')
    return keys.map(k => [k, frames.find(f => f.ts > k.ts + k.dur)]).filter(([, f]) => f)
        .map(([k, f]) => tasks.filter(r => r.ts + r.dur > k.ts && r.ts < f.ts + f.dur).reduce((ms, r) => ms + (r.tdur || 0) / 1000, 0)).sort((a, b) => a - b)
}

// One frame is the aim on a desk's computer; what is held here is that length costs nothing, on a machine that does other things too.
test('三万字、上千处问题，按下去就出来', { timeout: 180000 }, async t => {
    const para = i => `（一）会议指出，现行文件规定仍然适用的，不再重复发文；能够通过电话、当面协商解决的事务，不发正式公文。第${i}项任务由责任单位牵头，相关单位配合，${i % 12 + 1}月底前完成并布署落实。\n`
    const typed = async (name) => {
        await t.page.evaluate(() => {
            const v = document.querySelector('.desk').desk.view, at = v.state.doc.lineAt(v.state.doc.length >> 1).to
            v.dispatch({ selection: { anchor: at }, scrollIntoView: true })
            v.focus()
            window.__keys = []
        })
        await t.page.waitForTimeout(1500)
        const work = await worked(t.page, async () => {
            for (let i = 0; i < 60; i++) {
                await t.page.keyboard.press('a')
                await t.page.waitForTimeout(40 + (i * 37) % 60)
            }
        })
        const ms = (await t.page.evaluate(() => window.__keys)).sort((a, b) => a - b)
        console.log(`      ${name}: ${ms.length} keys, event to paint median ${ms[ms.length >> 1].toFixed(1)} ms, 95% ${ms[Math.floor(ms.length * .95)].toFixed(1)} ms; `
            + `main thread at work median ${work[work.length >> 1]?.toFixed(1)} ms, 95% ${work[Math.floor(work.length * .95)]?.toFixed(1)} ms`)
        return ms[ms.length >> 1]
    }
    await draft(t, '关于精简文件的通知\n各部门：\n一句话。\n')
    await t.page.evaluate(() => {
        const channel = new MessageChannel()
        let began = 0
        channel.port1.onmessage = () => { if (began) window.__keys.push(performance.now() - began); began = 0 }
        document.addEventListener('keydown', e => { began = e.timeStamp; requestAnimationFrame(() => channel.port2.postMessage(0)) }, true)
    })
    const small = await typed('a line')
    await t.page.keyboard.press('Control+a')
    await t.page.keyboard.insertText('关于精简文件的通知\n各部门：\n' + Array.from({ length: 360 }, (_, i) => para(i)).join(''))
    await t.page.waitForFunction(() => /\d{3,}处问题/.test(document.querySelector('.dk-mhead').textContent), null, { timeout: 60000 })
    assert.ok((await text(t)).length > 28000)
    const long = await typed('30,000 characters')
    assert.ok(long < small + 25, `a key takes ${long} ms in a long text, ${small} ms in a short one`)
})
