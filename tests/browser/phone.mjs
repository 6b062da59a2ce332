// What is answered on the move: a line that breaks, a server that is away, a session that ends, a slow line, one thumb.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PHONE, assert, test } from './harness.mjs'
import { shiftNow } from './lib/duty.mjs'
import { CHIEF, PASSWORD, SECRETARY, data, demoOffice, items, overflow, signIn } from './lib/office.mjs'

const LIAISON = 'qiaofj'
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const LINE = '.note.line', BROKEN = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_CONNECTION_RESET|50\d|401/

/** A matter that the chief handed on, 水利公司 asked; its id. */
function matter(subject, level = '内部') {
    return items(
        { verb: 'open', as: 'wangwu', ref: 'a', kind: 'supervision', level, at: '-2d 09:00', fields: { demand: subject, category: '领导批示', lead: 'G-GC', due: '+5d' } },
        { verb: 'move', as: 'wangwu', item: '$a', move: 'direct', at: '-2d 09:10' },
        { verb: 'move', as: 'qiuzh', item: '$a', move: 'assign', opinion: '请抓紧办理。', at: '-2d 09:30' })[0]
}
const kept = page => page.evaluate(() => Object.entries(localStorage).filter(([k]) => k.startsWith('keep:')))
const remarks = async (page, id) => (await data(page, `/items/${id}`)).remarks.map(r => r.text)
async function openRemark(page, id) {
    await page.goto(`/items/${id}`)
    await page.click('[data-open=do-remark]')
}

test('断了线：留言不丢，说清楚，线路恢复后自己送到，只送一次', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    const id = matter('手机断线试验')
    await signIn(t.page, 'wangwu')
    await openRemark(t.page, id)
    await t.page.fill('#do-remark textarea', '路上看到的：涵洞口已疏通。')
    await t.context.setOffline(true)
    await t.page.click('#do-remark button.go')
    await t.page.waitForSelector(LINE)
    assert.match(await t.page.textContent(LINE), /线路断了，没有送到。填的都在，没有丢/)
    assert.equal(await t.page.inputValue('#do-remark textarea'), '路上看到的：涵洞口已疏通。')
    await t.shot('phone-broken')
    assert.equal(await overflow(t.page), 0)
    await t.context.setOffline(false)
    await t.page.waitForFunction(() => !document.querySelector('.note.line') && document.querySelector('.note.ok'), null, { timeout: 20000 })
    assert.deepEqual((await remarks(t.page, id)).filter(r => r.includes('涵洞口')), ['路上看到的：涵洞口已疏通。'])
    assert.deepEqual(await kept(t.page), [])
})

test('断了线再重开页面：话还在，并且说明；退出登录就清掉', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    const id = matter('手机重开页面试验')
    await signIn(t.page, 'wangwu')
    await openRemark(t.page, id)
    await t.page.fill('#do-remark textarea', '写到一半')
    await t.page.reload()
    await t.page.waitForSelector('#do-remark .kept')
    assert.match(await t.page.textContent('#do-remark .kept'), /没有送出的内容还在（\d+月\d+日 \d+:\d+填）/)
    assert.equal(await t.page.inputValue('#do-remark textarea'), '写到一半')
    assert.equal((await kept(t.page)).length, 1)
    await t.page.click('details.me summary')
    await t.page.click('text=退出登录')
    await t.page.waitForSelector('[name=password]')
    assert.deepEqual(await kept(t.page), [])
    await signIn(t.page, 'wangwu')
    await t.goto(`/items/${id}`)
    assert.equal(await t.page.locator('.kept').count(), 0)
})

test('换了人登录，前一个人的话不留；工作秘密的事项一个字都不存', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    const open = matter('换人试验'), secret = matter('工作秘密试验', '工作秘密')
    await signIn(t.page, 'wangwu')
    await openRemark(t.page, secret)
    await t.page.fill('#do-remark textarea', '不该留在手机上的话')
    await t.context.setOffline(true)
    await t.page.click('#do-remark button.go')
    await t.page.waitForSelector(LINE)
    assert.match(await t.page.textContent(LINE), /请不要关这一页/)
    assert.deepEqual(await kept(t.page), [])
    assert.ok(!(await t.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).includes('不该留'))
    await t.context.setOffline(false)
    await t.page.waitForSelector('.note.ok', { timeout: 20000 })
    await openRemark(t.page, open)
    await t.page.fill('#do-remark textarea', '王五的话')
    assert.equal((await kept(t.page)).length, 1)
    await t.context.clearCookies() // his session ended, he did not sign out
    await signIn(t.page, CHIEF)
    assert.deepEqual(await kept(t.page), [])
})

test('登录过期：重新登录后回到原处，话还在', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    const id = matter('登录过期试验')
    await signIn(t.page, 'wangwu')
    await openRemark(t.page, id)
    await t.page.fill('#do-remark textarea', '登录过期前写的')
    await t.context.clearCookies()
    await t.page.click('#do-remark button.go')
    await t.page.waitForURL(/\/login\?next=/)
    await t.page.fill('[name=login]', 'wangwu')
    await t.page.fill('[name=password]', PASSWORD)
    await t.page.click('button.go')
    await t.page.waitForURL(new RegExp(`/items/${id}`))
    assert.equal(await t.page.inputValue('#do-remark textarea'), '登录过期前写的')
    await t.page.click('#do-remark button.go')
    await t.page.waitForSelector('.note.ok')
    assert.equal((await remarks(t.page, id)).filter(r => r === '登录过期前写的').length, 1)
    assert.deepEqual(await kept(t.page), [])
})

test('送到了、答复没有回来：再送一次不重复登记；改了字是另一次', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    const id = matter('重复送试验')
    await signIn(t.page, 'wangwu')
    await openRemark(t.page, id)
    await t.page.fill('#do-remark textarea', '只许登记一次')
    // the server gets it and does it; its answer is lost on the way
    let lost = 0
    await t.page.route(`**/items/${id}/remark`, async route => {
        if (lost++) return route.continue()
        await route.fetch({ maxRedirects: 0 })
        await route.abort('connectionreset')
    })
    await t.page.click('#do-remark button.go')
    await t.page.waitForSelector(LINE)
    assert.equal((await remarks(t.page, id)).filter(r => r === '只许登记一次').length, 1)
    await t.page.click(LINE + ' button')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.note.ok'), /刚才已经送到，没有重复登记/)
    assert.equal((await remarks(t.page, id)).filter(r => r === '只许登记一次').length, 1)
    // a double tap
    await openRemark(t.page, id)
    await t.page.fill('#do-remark textarea', '连点两下')
    await t.page.evaluate(() => { const b = document.querySelector('#do-remark button.go'); b.click(); b.click() })
    await t.page.waitForSelector('.note.ok')
    assert.equal((await remarks(t.page, id)).filter(r => r === '连点两下').length, 1)
})

test('手机上回复请办：缺了必填的照常说明，写好的话还在', { phone: true }, async t => {
    t.expectProblem(/400/)
    const id = matter('回复要求试验')
    await signIn(t.page, LIAISON)
    const [ask] = (await data(t.page, `/items/${id}`)).my_asks
    await t.goto(`/asks/${ask.id}`)
    await t.page.check('input[name=word][value="已收"]')
    await t.page.click('button:text-is("回复")')
    await t.page.waitForSelector('.note.ok')
    await t.goto(`/asks/${ask.id}`)
    await t.page.check('input[name=word][value="已反馈"]')
    await t.page.click('button:text-is("回复")')
    await t.page.waitForSelector('.note.bad')
    assert.equal(await t.page.locator(LINE).count(), 0) // refused, not broken
    await t.page.check('input[name=word][value="已反馈"]')
    await t.page.fill('textarea[name=text]', '已疏通两处涵洞。')
    await t.page.click('button:text-is("回复")')
    await t.page.waitForSelector('.note.ok')
    assert.equal((await data(t.page, `/items/${id}`)).asks.filter(a => a.text === '已疏通两处涵洞。').length, 1)
})

// ---- paper originals, duty, urgent matters, remarks: what is sent from a corridor ----

/** Another browser of the same person or another one, at a desk, for what has to be there first. */
async function desk(t, login, body) {
    const context = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    try {
        const page = await context.newPage()
        await signIn(page, login)
        return await body(page)
    } finally {
        await context.close()
    }
}

/** The code of a new paper original, in the hands of the chief. */
async function slip(t, subject) {
    const id = matter(subject)
    return desk(t, CHIEF, async page => {
        await page.goto(`/items/${id}/originals`)
        await page.click('button:has-text("登记，在我手里")')
        await page.waitForSelector('.note.ok')
        return (await data(page, `/items/${id}`)).originals[0].link
    })
}

async function shift(t) {
    await desk(t, CHIEF, page => shiftNow(page, { a: SECRETARY, b: 'lisi', leader: 'linyg' }))
}

/** An urgent matter that calls whoever is on duty; its address. */
const urgent = t => desk(t, 'wangwu', async page => {
    await page.goto('/duty/urgent')
    await page.fill('[name=subject]', `${Math.random()}号涵洞垮塌`)
    await page.click('button:has-text("登记并呼叫")')
    await page.waitForURL(/\/duty\/climbs\/\d+/)
    return new URL(page.url()).pathname
})

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC', 'base64')

/** Each: who, what has to be there first, the page, how the form is filled, the button, what was typed, how often it has arrived. */
const acts = [
    { name: '原件：我收下', who: 'wangwu', make: t => slip(t, '收下试验'), path: at => at, button: 'button[value=take]',
        times: async (page, at) => (await data(page, at)).steps.filter(s => /王五/.test(s.holder)).length },
    { name: '原件：放到某处', who: CHIEF, make: t => slip(t, '放下试验'), path: at => at, open: 'summary:has-text("交给别人")', fill: { '[name=place]': '三楼文件柜', '[name=note]': '等领导回来' }, button: 'button[value=give]',
        times: async (page, at) => (await data(page, at)).steps.filter(s => s.note === '等领导回来').length },
    { name: '原件：在桌上扫条', who: 'wangwu', make: t => slip(t, '扫条试验'), path: () => '/originals', fill: at => ({ '[name=code]': at.replace('/o/', '') }), choose: '[name=mode][value=take]', button: '.origscan .btn.go',
        times: async (page, at) => (await data(page, at)).steps.filter(s => /王五/.test(s.holder)).length },
    { name: '值班记事', who: SECRETARY, make: t => shift(t), path: () => '/duty/log', fill: { '.entryform textarea[name=text]': '北门岗亭的灯不亮' }, button: '.entryform .btn.go',
        times: async page => (await data(page, '/duty/log')).rows.filter(r => r.text === '北门岗亭的灯不亮').length },
    { name: '来电登记', who: SECRETARY, make: t => shift(t), path: () => '/duty/log?kind=call', fill: { '[name=caller]': '市水务局 苗工', '.entryform [name=text]': '问明天能不能泄洪', '[name=did]': '请他等答复' }, button: '.entryform .btn.go',
        times: async page => (await data(page, '/duty/log')).rows.filter(r => r.caller === '市水务局 苗工').length },
    { name: '接到紧急呼叫', who: SECRETARY, make: async t => { await shift(t); return urgent(t) }, path: at => at, button: 'button[value=ack]',
        times: async (page, at) => (await data(page, at.replace('/duty/climbs', '/items'))).events.filter(e => e.verb === '我已接到').length },
    { name: '报紧急事项', who: 'wangwu', make: t => shift(t), path: () => '/duty/urgent', fill: { '[name=subject]': '青溪河大坝渗水' }, button: 'button:has-text("登记并呼叫")', done: '[data-climb]',
        times: async page => (await data(page, '/items?box=sent&q=' + encodeURIComponent('青溪河大坝渗水'))).rows.length },
    { name: '录入批示', who: SECRETARY, make: () => matter('批示试验'), path: id => `/items/${id}/remarks`, fill: { '[name=words]': '同意，请抓紧。' }, picture: '[name=picture]', button: 'button[value=enter]',
        times: async (page, id) => (await data(page, `/items/${id}/remarks`)).rows.length },
]
const typed = async (page, fill) => Object.fromEntries(await Promise.all(Object.keys(fill).map(async f => [f, await page.inputValue(f)])))

for (const a of acts) test(`${a.name}：断线、答复丢了、连点两下、登录过期，都不丢也不重`, { phone: true, timeout: 180000 }, async t => {
    t.expectProblem(BROKEN)
    const done = a.done ?? '.note.ok, .climb.acked, .rone' // nothing that stands on the page before
    const words = () => typeof a.fill === 'function' ? a.fill(at) : a.fill ?? {}
    const fill = async () => {
        await t.page.goto(a.path(at))
        if (a.open && !await t.page.locator(Object.keys(words())[0]).isVisible()) await t.page.tap(a.open)
        for (const [f, text] of Object.entries(words())) await t.page.fill(f, text)
        if (a.choose) await t.page.check(a.choose)
        if (a.picture) await t.page.setInputFiles(a.picture, { name: '批示.png', mimeType: 'image/png', buffer: PNG })
    }
    const left = page => page.waitForFunction(() => !document.querySelector('form[data-sending], .note.line'))
    let at = await a.make(t)
    await signIn(t.page, a.who)
    // no line: it stays, says so, and goes by itself when the line is back
    await fill()
    await t.context.setOffline(true)
    await t.page.click(a.button)
    await t.page.waitForSelector(LINE)
    assert.match(await t.page.textContent(LINE), /线路断了，没有送到。填的都在，没有丢/)
    assert.deepEqual(await typed(t.page, words()), words())
    assert.equal(await overflow(t.page), 0)
    await t.context.setOffline(false)
    await t.page.waitForSelector(done + ' >> visible=true', { timeout: 30000 })
    await left(t.page)
    assert.equal(await a.times(t.page, at), 1, 'once, after the line was back')
    // done, and the answer is lost
    at = await a.make(t)
    const before = await a.times(t.page, at)
    await fill()
    let lost = 0
    const lose = async route => {
        if (!route.request().headers()['x-line'] || lost++) return route.continue() // what is asked while one types is another thing
        await route.fetch({ maxRedirects: 0 })
        await route.abort('connectionreset')
    }
    await t.page.route('**/*', lose)
    await t.page.click(a.button)
    await t.page.waitForSelector(LINE)
    assert.deepEqual(await typed(t.page, words()), words())
    assert.equal(await a.times(t.page, at), before + 1, 'the server has it')
    await t.page.click(LINE + ' button')
    await t.page.waitForSelector('.note.ok:has-text("刚才已经送到，没有重复登记")')
    assert.equal(await a.times(t.page, at), before + 1, 'and not twice')
    await t.page.unroute('**/*', lose)
    // two taps
    at = await a.make(t)
    const two = await a.times(t.page, at)
    await fill()
    await Promise.all([t.page.waitForEvent('load'), t.page.evaluate(s => { const b = document.querySelector(s); b.click(); b.click() }, a.button.replace(/:has-text.*/, '.go'))])
    await t.page.waitForSelector(done + ' >> visible=true')
    assert.equal(await a.times(t.page, at), two + 1, 'a double tap is one')
    // the session ends while one writes
    at = await a.make(t)
    const over = await a.times(t.page, at)
    await fill()
    await t.context.clearCookies()
    await t.page.click(a.button)
    await t.page.waitForSelector('[name=password]')
    await t.page.fill('[name=login]', a.who)
    await t.page.fill('[name=password]', PASSWORD)
    await t.page.click('button.go')
    await t.page.waitForLoadState()
    if (await t.page.locator('button:text("继续提交")').count()) await t.page.click('button:text("继续提交")')
    else {
        await t.page.waitForSelector(a.button)
        assert.deepEqual(await typed(t.page, words()), words(), 'what was typed is there after signing in')
        await t.page.click(a.button)
    }
    await t.page.waitForSelector(done + ' >> visible=true')
    assert.equal(await a.times(t.page, at), over + 1)
})

test('手机放进口袋时没有送到的，拿出来就再送', { phone: true }, async t => {
    t.expectProblem(BROKEN)
    await signIn(t.page, 'wangwu')
    const at = await slip(t, '口袋试验')
    await t.page.clock.install()
    await t.page.goto(at)
    await t.page.route('**/*', route => route.request().method() === 'POST' ? route.abort() : route.continue())
    await t.page.click('button[value=take]')
    await t.page.waitForSelector('.note.line')
    const pocket = away => t.page.evaluate(h => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => h }); document.dispatchEvent(new Event('visibilitychange')) }, away)
    await pocket(true)
    await t.page.clock.runFor(10000) // the time when it would go again passes there
    await t.page.unroute('**/*')
    await pocket(false)
    await t.page.waitForSelector('.note.ok')
    assert.equal((await data(t.page, at)).steps.filter(s => /王五/.test(s.holder)).length, 1)
})

/** A server of its own, that can be killed and started again at the same address. */
async function ownServer() {
    const dir = mkdtempSync(join(tmpdir(), 'qs-phone-')), at = join(dir, 'data')
    demoOffice(at)
    const port = await new Promise(done => { const s = createServer().listen(0, '127.0.0.1', () => { const p = s.address().port; s.close(() => done(p)) }) })
    let child
    const start = () => new Promise((done, fail) => {
        child = spawn(program, ['serve', '--data', at, '--listen', `127.0.0.1:${port}`, '--no-intake', '--json'], { stdio: ['ignore', 'pipe', 'ignore'] })
        child.once('error', fail)
        createInterface({ input: child.stdout }).once('line', done)
    })
    const kill = async signal => { const gone = new Promise(done => child.once('exit', done)); child.kill(signal); await gone }
    await start()
    return { base: `http://127.0.0.1:${port}`, at, start, kill: () => kill('SIGKILL'), end: async () => { await kill('SIGTERM'); rmSync(dir, { recursive: true, force: true }) } }
}

test('服务器停了又起来：停着时送的自己补上，只有一次', { phone: true, timeout: 180000 }, async t => {
    t.expectProblem(BROKEN)
    const server = await ownServer(), was = process.env.QIANSHAO_DATA
    try {
        process.env.QIANSHAO_DATA = server.at
        const id = matter('服务器停了试验')
        const context = await t.context.browser().newContext({ baseURL: server.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...PHONE })
        const page = await context.newPage()
        await signIn(page, 'wangwu')
        await openRemark(page, id)
        await page.fill('#do-remark textarea', '服务器停着时写的')
        await server.kill()
        await page.tap('#do-remark button.go')
        await page.waitForSelector(LINE)
        assert.equal(await page.inputValue('#do-remark textarea'), '服务器停着时写的')
        await server.start()
        await page.waitForSelector('.note.ok', { timeout: 40000 })
        assert.equal((await remarks(page, id)).filter(r => r === '服务器停着时写的').length, 1)
        await context.close()
    } finally {
        process.env.QIANSHAO_DATA = was
        await server.end()
    }
})

// What the first visit of a phone may carry, everything counted as Chromium's network log says: page, styles, scripts, icons, heads of the answers.
const FIRST_KB = 25

test('慢线路：看得到、用得上，第一次打开不超过25 KB', { phone: true, timeout: 300000 }, async t => {
    const id = matter('慢线路试验')
    await signIn(t.page, SECRETARY)
    await t.goto(`/items/${id}/originals`)
    await t.page.click('button:has-text("登记，在我手里")')
    await t.page.waitForSelector('.note.ok')
    const [{ link }] = (await data(t.page, `/items/${id}`)).originals
    const session = await t.context.newCDPSession(t.page)
    await session.send('Network.enable')
    /** One visit: bytes, milliseconds until something is seen, until it can be used. */
    const visit = async (path, kbit, cold) => {
        await session.send('Network.emulateNetworkConditions', kbit ? { offline: false, latency: 400, downloadThroughput: kbit * 1e3 / 8, uploadThroughput: kbit * 1e3 / 8 }
            : { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
        if (cold) await session.send('Network.clearBrowserCache')
        const parts = new Map(), count = e => parts.set(e.requestId, e.encodedDataLength)
        session.on('Network.loadingFinished', count)
        const began = Date.now()
        await t.page.goto(path, { waitUntil: 'domcontentloaded', timeout: 60000 })
        const usable = Date.now() - began
        await t.page.waitForLoadState('load')
        await t.page.waitForTimeout(500) // what comes by itself afterwards counts too
        const seen = await t.page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0))
        session.off('Network.loadingFinished', count)
        return { bytes: [...parts.values()].reduce((a, b) => a + b, 0), seen, usable }
    }
    const kb = n => (n / 1024).toFixed(1), name = path => path.replace(/\d{6,}/, ':id').replace(/^\/o\/.*/, '/o/CODE')
    for (const [path, kbit] of [['/', 400], [`/items/${id}`, 400], [link, 400], [`/items/${id}`, 50]]) {
        const first = await visit(path, kbit, true), again = await visit(path, kbit, false)
        console.log(`      ${name(path)}，${kbit} kbit/s、400毫秒：首次 ${kb(first.bytes)} KB，${first.seen} 毫秒看到，${first.usable} 毫秒可用；再次 ${kb(again.bytes)} KB，${again.seen} 毫秒，${again.usable} 毫秒`)
        assert.ok(again.bytes <= 8 * 1024, `${path}: ${again.bytes}`)
        assert.ok(first.usable < (kbit === 400 ? 4000 : 12000) && again.usable < 6000, `${path}: ${first.usable}, ${again.usable} ms`)
    }
    for (const path of ['/', `/items/${id}`, link, `/items/${id}/remarks`, '/items?box=todo', '/notices', '/originals', '/duty', '/duty/log', '/duty/urgent', '/oral']) {
        const { bytes } = await visit(path, 0, true)
        assert.ok(bytes <= FIRST_KB * 1024, `${path}: ${bytes}`)
    }
})

test('手机只取用得到的样式和脚本，看上去和全套的一样；选人和打印用到才取', { phone: true, timeout: 240000 }, async t => {
    const id = matter('样式试验')
    await signIn(t.page, CHIEF)
    const desk = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...PHONE, userAgent: undefined,
        extraHTTPHeaders: { 'Sec-CH-UA-Mobile': '?0' } })
    const full = await desk.newPage()
    await signIn(full, CHIEF)
    // where everything stands, in what size and colour; pickers of the full set are alive at once
    const look = page => page.evaluate(async () => {
        // where the cursor stands by itself (autofocus) it is set with the first picture, and what is at the lower edge goes for it
        await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
        document.activeElement?.blur()
        if (location.pathname === '/') document.querySelector('.head .sum')?.remove() // when each of the two signed in before
        for (const d of document.querySelectorAll('details')) d.open = true
        for (const f of document.querySelectorAll('form[hidden]')) f.hidden = false
        return [...document.querySelectorAll('main, main *, nav *')].map(e => {
            const r = e.getBoundingClientRect(), s = getComputedStyle(e)
            return [e.tagName, e.className?.baseVal ?? e.className.replace(/ ?live/, ''), Math.round(r.x), Math.round(r.y + scrollY), Math.round(r.width), Math.round(r.height), s.fontSize, s.fontWeight, s.position].join(' ')
        })
    })
    const { rows } = await data(t.page, '/items?box=todo')
    const paths = ['/', `/items/${id}`, `/items/${id}/remarks`, `/items/${id}/originals`, '/items?box=todo', '/items?box=watch', '/notices', '/originals', '/duty', '/duty/log',
        '/duty/log?kind=call', '/duty/log?kind=over', '/duty/urgent', '/duty/contacts', '/oral', '/remarks/verify', ...rows.slice(0, 8).map(r => r.link)]
    for (const path of paths) {
        await Promise.all([t.page.goto(path), full.goto(path)])
        assert.equal(await t.page.locator(`link[href*="${path === '/' ? 'front' : 'hand'}.css"]`).count(), 1, path)
        assert.equal(await full.locator('link[href*="app.css"]').count(), 1, path)
        assert.deepEqual(await look(t.page), await look(full), path)
    }
    await desk.close()
    // who is asked is found as he is typed, though its script comes only then
    await openRemark(t.page, id)
    const asked = []
    t.page.on('request', r => asked.push(new URL(r.url()).pathname))
    await t.page.tap('#do-remark [data-picks] input.in')
    await t.page.keyboard.type('ls')
    await t.page.tap('#do-remark .sug a:has-text("李四")')
    assert.equal(await t.page.locator('#do-remark .pickd:has-text("李四")').count(), 1)
    assert.ok(asked.includes('/static/pick.js'))
    // paper: nothing to press on it
    await t.goto('/duty/log')
    await t.page.evaluate(() => { window.print = () => { document.body.dataset.printed = '1' } })
    await t.page.tap('button[data-print]')
    await t.page.waitForSelector('[data-printed]')
    await t.page.emulateMedia({ media: 'print' })
    assert.equal(await t.page.locator('.entryform').isVisible(), false)
    assert.equal(await t.page.locator('.top').isVisible(), false)
})
