import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PHONE, assert, test } from './harness.mjs'
import { shiftNow } from './lib/duty.mjs'
import { CHIEF, SECRETARY, data, demoOffice, overflow, signIn } from './lib/office.mjs'

const root = resolve(import.meta.dirname, '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const now8 = (ms = 0) => new Date(Date.now() + 8 * 3600e3 + ms)
const iso = d => d.toISOString().slice(0, 16)
const shots = resolve(root, process.env.SHOTS ?? 'build/browser')
const sleep = ms => new Promise(done => setTimeout(done, ms))

/** Another person beside the one of the test, in a browser profile of his own. */
async function other(t, login, phone, base = t.base) {
    const context = await t.context.browser().newContext({ baseURL: base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
        ...(phone ? PHONE : { viewport: { width: 1366, height: 768 } }) })
    const page = await context.newPage()
    await signIn(page, login)
    return { page, context }
}

test('值班日志：上一班、下一班只有打得开的才有；科长从头翻到现在', async t => {
    const walk = async login => {
        await signIn(t.page, login)
        await t.goto('/duty')
        const logs = await t.page.$$eval('a[href^="/duty/log/"]', list => [...new Set(list.map(a => a.getAttribute('href')))])
        let beside = 0
        for (const log of logs) {
            const page = await data(t.page, log)
            for (const link of [page.prev, page.next].filter(Boolean)) {
                beside++
                assert.equal((await t.page.request.get(link)).status(), 200, `${login}: ${log} leads to ${link}`)
            }
        }
        return [logs.length, beside]
    }
    // of the staff, in a few shifts: the ones between are not his
    const [own, few] = await walk('tongbm')
    assert.ok(own > 1, `${own} shifts`)
    assert.ok(few < 2 * own - 2, `${few} links of ${own} shifts`)
    await t.context.clearCookies()
    const [all, most] = await walk(CHIEF)
    assert.ok(all > own)
    assert.ok(most >= 2 * all - 2, `${most} links of ${all} shifts`)
})

test('紧急呼叫：办的人正看着时线路断一下，页面自己补上；没送到的答复不被换掉', { phone: true }, async t => {
    t.expectProblem(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/)
    await signIn(t.page, CHIEF)
    await shiftNow(t.page, { a: SECRETARY, b: 'lisi', leader: 'linyg' })
    await t.goto('/duty/urgent')
    await t.page.fill('[name=subject]', '北闸启闭机失电')
    await t.page.click('button:has-text("登记并呼叫")')
    await t.page.waitForURL(/\/duty\/climbs\/\d+/)
    const path = new URL(t.page.url()).pathname, duty = await other(t, SECRETARY, true)
    await duty.page.goto(path)
    // his answer goes nowhere: it stands on his page with what it says, whatever moves
    await duty.page.route('**/*', route => route.request().method() === 'POST' ? route.abort() : route.continue())
    await duty.page.click('button[value=ack]')
    await duty.page.waitForSelector('.note.line')
    // the chief's page is told that the item moved and cannot get it
    let asked = 0
    await t.page.route('**' + path, route => asked++ ? route.continue() : route.abort())
    const moved = await other(t, 'lisi', true)
    await moved.page.goto(path)
    await moved.page.click('button[value=ack]')
    await moved.page.waitForSelector('.climb.acked')
    await t.page.waitForSelector('.climb.acked:has-text("李四接到")', { timeout: 15000 })
    assert.ok(asked > 1, `asked ${asked} times`)
    assert.equal(await duty.page.locator('.note.line').count(), 1)
    await duty.context.close()
    await moved.context.close()
})

test('紧急呼叫：慢的答复不盖住新的；正在挑选的人挑完了，页面自己补上', { phone: true }, async t => {
    await signIn(t.page, CHIEF)
    await shiftNow(t.page, { a: SECRETARY, b: 'lisi', leader: 'linyg' })
    await t.goto('/duty/urgent')
    await t.page.fill('[name=subject]', '南闸水位超警')
    await t.page.click('button:has-text("登记并呼叫")')
    await t.page.waitForURL(/\/duty\/climbs\/\d+/)
    const path = new URL(t.page.url()).pathname, moved = await other(t, 'lisi', true), choosing = await t.context.newPage()
    await moved.page.goto(path)
    await choosing.goto(path)
    await choosing.evaluate(() => document.querySelector('[data-climb]').insertAdjacentHTML('beforeend', '<details open><summary>挑选</summary></details>'))
    // asked before somebody took it, answered after
    let late, go
    const held = new Promise(done => { go = done }), first = new Promise(done => { late = done })
    await t.page.route('**' + path, async route => {
        if (late) {
            const tell = late
            late = null // at once: the next one may be on its way
            const answer = await route.fetch()
            tell()
            await held
            return route.fulfill({ response: answer })
        }
        return route.continue()
    })
    await t.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await first
    await moved.page.click('button[value=ack]')
    await t.page.waitForSelector('.climb.acked:has-text("李四接到")', { timeout: 15000 })
    const answered = t.page.waitForEvent('requestfinished', r => new URL(r.url()).pathname === path)
    go()
    await answered
    await t.page.evaluate(() => new Promise(done => setTimeout(done, 300))) // it is read
    assert.equal(await t.page.locator('.climb.acked').count(), 1, 'what came late does not take the newer one away')
    assert.equal(await choosing.locator('.climb.acked').count(), 0)
    await choosing.evaluate(() => { document.querySelector('[data-climb] details[open]').open = false })
    await choosing.waitForSelector('.climb.acked:has-text("李四接到")', { timeout: 15000 })
    await moved.context.close()
})

test('值班表：一个月一张表，带电话打印，导出 Excel；缺人和连班标出来', async t => {
    await signIn(t.page, CHIEF)
    await shiftNow(t.page)
    await t.goto('/duty')
    const d = await data(t.page, '/duty')
    assert.ok(d.shifts.length >= 20)
    assert.equal(d.now.length, 1)
    assert.ok(d.now[0].seats[0].name)
    assert.match(d.now[0].seats[0].phone, /^199/)
    await t.shot('duty', { fullPage: true })
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('duty-print', { fullPage: true })
    const pdf = await t.page.pdf({ format: 'A4' })
    assert.ok(pdf.length > 3000)
    await t.page.emulateMedia({ media: 'screen' })
    const [file] = await Promise.all([t.page.waitForEvent('download'), t.page.click('a:text("导出 Excel")')])
    assert.match(file.suggestedFilename(), /^\d{4}年\d+月值班表\.xlsx$/)
    assert.equal(readFileSync(await file.path()).subarray(0, 2).toString(), 'PK')
    // a month that nobody has looked at yet is made by the rule
    const far = new Date(now8()); far.setUTCDate(1); far.setUTCMonth(far.getUTCMonth() + 3)
    const month = far.toISOString().slice(0, 7)
    await t.goto(`/duty?month=${month}`)
    await t.page.click('button:text("按规则排这个月")')
    await t.page.waitForSelector('.note.ok')
    const made = await data(t.page, `/duty?month=${month}`)
    assert.ok(made.shifts.length >= 28)
    assert.ok(made.shifts.every(s => s.seats[0].name && s.seats[0].name !== s.seats[1].name))
    await t.page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/duty', '/duty/setup', '/duty/log', '/duty/log?kind=call', '/duty/contacts', '/duty/urgent', '/duty/shifts/new']) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, path)
    }
    await t.goto('/duty')
    await t.shot('duty-phone', { fullPage: true })
})

test('排班规则：谁轮流、几点到几点；写错的说哪里错', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/duty/setup')
    assert.match(await t.page.inputValue('[name=a]'), /张三\n李四/)
    await t.shot('duty-setup')
    await t.page.fill('[name=workday]', '17:30到8:30')
    t.expectProblem(/400/)
    await t.page.click('button:text("保存")')
    assert.match(await t.page.textContent('.note.bad'), /不是值班时间/)
    assert.match(await t.page.inputValue('[name=a]'), /张三/)
    await t.page.fill('[name=workday]', '17:30-8:30')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
})

test('换班：一方提出，另一方同意，科长阅知；值班表和经过都有', async t => {
    await signIn(t.page, SECRETARY)
    const { mine } = await data(t.page, '/duty')
    const shift = mine.find(s => !s.now)
    await t.goto(shift.link)
    const options = await t.page.$$eval('[name=with] option', all => all.map(o => [o.value, o.textContent]))
    const [value] = options.find(([v, text]) => v && text.includes('李四'))
    await t.page.selectOption('[name=with]', value)
    await t.page.fill('form[action="/duty/swaps"] [name=why]', '当天出差')
    await t.shot('duty-shift')
    await t.page.click('button:text("请对方换班")')
    await t.page.waitForSelector('.note.ok')
    const lisi = await other(t, 'lisi')
    await lisi.page.goto('/')
    assert.match(await lisi.page.textContent('main'), /有 1 次换班等您答复/)
    await lisi.page.goto('/duty')
    await lisi.page.click('button:text("同意换")')
    await lisi.page.waitForSelector('.note.ok')
    await lisi.context.close()
    const after = await data(t.page, shift.link)
    assert.match(after.changes[0].what, /张三换为李四（换班）/)
    const chief = await other(t, CHIEF)
    await chief.page.goto('/duty')
    await chief.page.locator('.swaps li', { hasText: '当天出差' }).locator('button:text("阅")').click()
    await chief.page.waitForSelector('.note.ok')
    assert.match((await data(chief.page, '/duty')).swaps.find(s => s.why === '当天出差').noted, /秋知衡/)
    await chief.context.close()
})

test('值班日志：记事、来电、更正、交班、接班；来电一键转登记；打印带链首', { phone: true }, async t => {
    await signIn(t.page, SECRETARY)
    // the page before may show a message as well: wait for the next one
    const press = button => Promise.all([t.page.waitForEvent('load'), button.click()])
    await t.goto('/duty/log')
    await t.page.fill('.entryform textarea[name=text]', '巡查办公楼，门窗正常')
    await t.shot('duty-log-phone')
    await press(t.page.locator('.entryform button:text("记下")'))
    await t.page.waitForSelector('.note.ok')
    await t.page.click('.entryform nav a:text("来电")')
    await t.page.fill('[name=caller]', '市应急局 高工')
    await t.page.fill('.entryform [name=phone]', '0871-5550901')
    await t.page.fill('.entryform [name=text]', '询问大桥限载情况')
    await t.page.fill('[name=did]', '已答复')
    await t.page.check('[name=open]')
    await t.page.fill('.entryform [name=at]', iso(now8(-3600e3)))
    await t.shot('duty-call-phone')
    await press(t.page.locator('.entryform button:text("记下")'))
    await t.page.waitForSelector('.note.ok')
    let log = await data(t.page, '/duty/log')
    const call = log.rows.find(r => r.caller === '市应急局 高工')
    assert.ok(call.made, 'a late entry shows when it was written')
    assert.ok(call.open)
    const li = t.page.locator('.entries-log li', { hasText: '询问大桥限载情况' })
    await li.locator('summary:text("更正")').click()
    await li.locator('textarea').fill('来电人应为高工程师')
    await press(li.locator('button:text("记更正")'))
    await t.page.waitForSelector('.note.ok')
    await li.locator('button:text("转为来电来访登记")').click()
    await t.page.waitForURL(/\/items\/\d+/)
    assert.match(await t.page.textContent('h1'), /询问大桥限载情况/)
    await t.goto('/duty/log?kind=over')
    await t.page.fill('.entryform [name=text]', '请继续跟市应急局')
    await press(t.page.locator('.entryform button:text("交班")'))
    await t.page.waitForSelector('.note.ok')
    const next = await other(t, 'lisi')
    await next.page.goto('/duty/log')
    assert.match(await next.page.textContent('main'), /上一班交班[^]*询问大桥限载情况/)
    await next.page.click('button:text("我接班")')
    await next.page.waitForSelector('.note.ok')
    const point = next.page.locator('aside .swaps li', { hasText: '询问大桥限载情况' })
    await point.locator('input[name=text]').fill('已书面回复')
    await point.locator('button:text("办完了")').click()
    await next.page.waitForSelector('.note.ok')
    await next.context.close()
    log = await data(t.page, '/duty/log')
    assert.equal(log.bad, 0)
    assert.deepEqual(log.rows.slice(-6).map(r => r.kind), ['来电', '更正', '转为事项', '交班', '接班', '已办'])
    assert.equal(log.points.filter(r => r.text === '询问大桥限载情况').length, 0)
    assert.match(log.head, /^第\d+号 [0-9a-f]{64}$/)
    await t.page.setViewportSize({ width: 1366, height: 900 })
    await t.goto('/duty/log')
    await t.shot('duty-log', { fullPage: true })
    await t.page.evaluate(() => { window.print = () => { document.body.dataset.printed = '1' } })
    await t.page.click('button[data-print]') // a phone fetches the styles of paper then
    await t.page.waitForSelector('[data-printed]')
    await t.page.emulateMedia({ media: 'print' })
    assert.ok(await t.page.isVisible('.chainhead'))
    await t.shot('duty-log-print', { fullPage: true })
})

test('紧急联系树：A4 打印，电话只给内部看', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/duty/contacts')
    const { groups } = await data(t.page, '/duty/contacts')
    assert.deepEqual(groups.map(g => g.name), ['集团领导', '党委办公室', '各单位联络员'])
    assert.ok(groups.every(g => g.rows.every(r => /^199/.test(r.mobile))))
    await t.shot('duty-contacts', { fullPage: true })
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('duty-contacts-print', { fullPage: true })
    const outside = await other(t, 'andl') // plain staff, in no roster
    assert.equal((await data(outside.page, '/duty/contacts')).groups.length, 0)
    assert.ok(!(await outside.page.content()).includes('199000'))
    assert.equal((await data(outside.page, '/duty')).now[0].seats[0].phone, '')
    await outside.context.close()
})

/** A mail server (tests/post_servers.py), and a platform of its own that sends through it, over a copy of the office. */
async function withMail(body) {
    const dir = mkdtempSync(join(tmpdir(), 'qs-duty-'))
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext',
        'subjectAltName=IP:127.0.0.1', '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')], { stdio: 'ignore' })
    writeFileSync(join(dir, 'mode'), 'ok')
    const sink = spawn('/usr/bin/python3', ['tests/post_servers.py', dir], { cwd: root, stdio: ['pipe', 'ignore', 'ignore'] })
    for (let i = 0; i < 100 && !existsSync(join(dir, 'ports')); i++) await sleep(100)
    const [smtp] = readFileSync(join(dir, 'ports'), 'utf8').split(' ')
    const office = join(dir, 'office')
    demoOffice(office)
    writeFileSync(join(office, 'qianshao.yaml'),
        `mail_url: smtp://127.0.0.1:${smtp}\nmail_from: qianshao@yunling.example\nmail_plaintext: true\nclimb_step: 5s\n`)
    const child = spawn(program, ['serve', '--data', office, '--listen', '127.0.0.1:0', '--no-intake', '--json'],
        { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
        const line = await new Promise(done => createInterface({ input: child.stdout }).once('line', done))
        const mails = () => {
            const out = []
            for (let i = 1; existsSync(join(dir, `mail-${i}.json`)); i++) out.push(JSON.parse(readFileSync(join(dir, `mail-${i}.json`), 'utf8')))
            return out
        }
        const { address } = JSON.parse(line)
        await body(address.startsWith('http') ? address : `http://${address}`, mails)
    } finally {
        const gone = new Promise(done => child.once('exit', done))
        child.kill('SIGTERM')
        await gone
        sink.stdin.end()
        rmSync(dir, { recursive: true, force: true })
    }
}

test('紧急事项夜里逐级呼叫：免打扰时段里照发邮件，A岗、B岗、带班领导，有人接到就停', { timeout: 240000 }, async t => {
    await withMail(async (base, mails) => {
        const chief = await other(t, CHIEF, false, base)
        // who is on now: three people of our own, so that the test knows them
        const on = await shiftNow(chief.page)
        await chief.page.goto(on.link)
        for (const [name, who] of [['a', 'lisi'], ['b', 'wangwu'], ['leader', 'linyg']]) await chief.page.fill(`[name=${name}]`, who)
        await chief.page.fill('[name=why]', '试验')
        await chief.page.click('button[value=save]')
        await chief.page.waitForSelector('.note.ok')
        await chief.page.goto('/duty/setup')
        await chief.page.fill('[name=minutes]', '1')
        await chief.page.click('button:text("保存")')
        await chief.page.waitForSelector('.note.ok')
        // each of them does not want to be disturbed now, and gets a digest at eight besides
        const people = {}
        for (const login of ['lisi', 'wangwu', 'linyg']) {
            people[login] = await other(t, login, login === 'linyg', base)
            const p = people[login].page
            await p.goto('/account/notices')
            await p.fill('[name=mail]', `${login}@yunling.example`)
            await p.selectOption('[name=rhythm]', '2')
            await p.fill('[name=quiet_from]', iso(now8(-3600e3)).slice(11))
            await p.fill('[name=quiet_to]', iso(now8(8 * 3600e3)).slice(11))
            await p.click('button:text("保存")')
            await p.waitForSelector('.note.ok')
        }
        // raised on a phone, with one thumb
        const raiser = await other(t, SECRETARY, true, base)
        await raiser.page.goto('/duty/urgent')
        await raiser.page.fill('[name=subject]', '雁回项目部基坑涌水，3人被困')
        await raiser.page.screenshot({ path: join(shots, 'urgent-phone.png') })
        await raiser.page.click('button:text("登记并呼叫值班人员")')
        await raiser.page.waitForURL(/\/duty\/climbs\/\d+/)
        const path = new URL(raiser.page.url()).pathname
        const until = async (what, ms = 30000) => {
            for (const end = Date.now() + ms; Date.now() < end; await sleep(300)) if (await what()) return
            assert.fail(`waited in vain: ${what}`)
        }
        const told = () => mails().map(m => m.to[0])
        await until(() => told().includes('lisi@yunling.example'), 20000)
        assert.ok(!told().includes('wangwu@yunling.example'))
        assert.match(mails()[0].subject, /特急呼叫：雁回项目部基坑涌水/)
        // the page that stands open shows each step by itself
        await raiser.page.waitForSelector('.climbsteps li:has-text("A岗 李四")', { timeout: 15000 })
        await until(() => told().includes('wangwu@yunling.example'))
        await raiser.page.waitForSelector('.climbsteps li:has-text("B岗 王五")', { timeout: 15000 })
        await until(() => told().includes('linyg@yunling.example'))
        await raiser.page.waitForSelector('.climbsteps li:has-text("带班领导 林雁归")', { timeout: 15000 })
        await raiser.page.screenshot({ path: join(shots, 'climb-phone.png'), fullPage: true })
        // the leader's portal asks him; one press
        const leader = people.linyg.page
        await leader.goto('/')
        await leader.screenshot({ path: join(shots, 'climb-portal-phone.png') })
        assert.ok(await overflow(leader) <= 0)
        await leader.click('.note.bad button:text("我已接到")')
        await leader.waitForSelector('.note.ok')
        await leader.screenshot({ path: join(shots, 'climb-acked-phone.png'), fullPage: true })
        await raiser.page.waitForSelector('.climb.acked:has-text("林雁归接到")', { timeout: 15000 })
        const sent = mails().length
        const { steps, state } = await data(raiser.page, path)
        assert.equal(state, '已有人接到')
        assert.deepEqual(steps.map(s => s.name).reverse(), ['李四', '王五', '林雁归'])
        await sleep(9000) // the time of the next round passes: a step, and the two seconds between looks
        assert.equal(mails().length, sent)
        assert.equal((await data(raiser.page, path)).steps.length, 3)
        const item = await data(raiser.page, path.replace('/duty/climbs', '/items'))
        assert.equal(item.events.filter(e => e.verb === '呼叫值班').length, 3)
        assert.equal(item.events.filter(e => e.verb === '我已接到').length, 1)
        assert.match((await data(raiser.page, '/notices')).rows[0].text, /林雁归已接到/)
        for (const p of [chief, raiser, ...Object.values(people)]) await p.context.close()
    })
})

test('值班表：手机上每班三个岗位各占一列，上下对齐', { phone: true }, async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/duty')
    const lefts = await t.page.locator('table.duty tbody tr:visible').evaluateAll(rows => rows.map(r =>
        [...r.querySelectorAll('td[data-l]')].map(d => Math.round(d.getBoundingClientRect().left))))
    assert.ok(lefts.length > 1)
    for (const row of lefts) assert.deepEqual(row, lefts[0])
    assert.equal(new Set(lefts[0]).size, 3)
    assert.ok(await overflow(t.page) <= 0)
    // a button below a list has its words in its middle
    const off = await t.page.locator('.dutytable .pager a.btn').evaluateAll(v => v.map(a => {
        const words = document.createRange(); words.selectNodeContents(a)
        const [w, b] = [words.getBoundingClientRect(), a.getBoundingClientRect()]
        return Math.abs(w.top + w.bottom - b.top - b.bottom) / 2
    }))
    assert.ok(off.length && off.every(d => d < 3), String(off))
    await t.shot('duty-phone-columns', { fullPage: true })
})
