// One day of the office, one hour behind the other in one office: six people of the section, two leaders who read paper. Everything is done on the
// pages that a person uses; what a test leaves behind, the next one finds. The last one counts: nothing late, nothing lost.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PHONE, assert, test } from './harness.mjs'
import { shiftNow } from './lib/duty.mjs'
import { CHIEF, data, overflow, signIn } from './lib/office.mjs'
import { Keys, registerAll, save } from './lib/register.mjs'

// 秋知衡 is the chief. The leaders, 岳松亭 and 林雁归, never sign in.
const CLERK = 'zhangsan', WRITER = 'lisi', SUPERVISOR = 'wangwu', MEETINGS = 'maiqs', OPINIONS = 'songyj'
const SITE = 'yanhs', READERS = ['yld', 'lty'], FINDER = 'lanty'
const PARTY = '岳松亭', VICE = '林雁归'

/** What the day has made so far. */
const day = { papers: [], remarks: [], orders: [], keys: {} }
const people = new Map()
let now // the test that runs: whatever a page complains about is its fault

/** The browser of a person, which stays open for the day. */
async function desk(t, login, phone = false) {
    now = t
    const known = people.get(login)
    if (known) return known
    const context = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
        ...(phone ? PHONE : { viewport: { width: 1366, height: 768 } }) })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    page.on('pageerror', e => now.problems.push(`script of ${login}: ${e.message}`))
    page.on('response', r => { if (r.status() >= 400) now.problems.push(`${login}: ${r.status()} ${r.url()}`) })
    page.shot = (name, options = {}) => page.screenshot({ path: join(now.shots, `${name}.png`), ...options })
    await signIn(page, login)
    people.set(login, page)
    return page
}

/** The rows of a list, page by page. */
async function rows(page, path) {
    const out = []
    for (let at = path; at;) {
        const p = await data(page, at)
        out.push(...p.rows)
        at = p.next
    }
    return out
}

/** A ledger as objects: what stands in each column, by its id. */
async function ledger(page, kind) {
    const { heads } = await data(page, `/ledgers/${kind}`)
    return (await rows(page, `/ledgers/${kind}`)).map(r =>
        ({ id: r.id, ...Object.fromEntries(heads.map((h, i) => [h.id, r.cells[i].text])) }))
}

/** One step of an item; people are picked as they are typed, other fields filled. */
async function step(page, item, name, opinion = '', pick = {}, fill = {}) {
    await page.goto(`/items/${item}`)
    await page.click(`.actbar a:text-is("${name}")`)
    const form = page.locator('.actform:not([hidden])')
    for (const [field, typed] of Object.entries(pick))
        for (const one of [typed].flat()) {
            const box = form.locator(`[data-name="f.${field}"]`), before = await box.locator('.pickd').count()
            await box.locator('input.in').fill(one)
            await box.locator('.sug a').first().click()
            await box.locator('.pickd').nth(before).waitFor()
        }
    for (const [field, text] of Object.entries(fill)) await form.locator(`[name="f.${field}"]`).fill(text)
    if (opinion) await form.locator('textarea[name=text]').fill(opinion)
    for (const box of await form.locator('.sure input').all()) await box.check()
    await form.locator('button.go').click()
    await page.waitForSelector('.note.ok')
}

/** A sheet of paper as the camera or the scanner sees it. */
async function sheet(t, html, width = 900, height = 520) {
    const page = await t.context.newPage()
    await page.setViewportSize({ width, height })
    await page.setContent(`<meta charset=utf-8><body style="margin:90px 100px;font:30px/2 'Noto Serif CJK SC'">${html}`)
    const png = await page.screenshot()
    await page.close()
    return png
}

test('零点：项目部用手机报特急，先叫A岗', async t => {
    const chief = await desk(t, CHIEF)
    const on = await shiftNow(chief) // by day nobody is on duty: the call of this night gets its own shift
    await chief.goto(on.link)
    await chief.fill('[name=why]', '临时调整')
    for (const [name, who] of [['a', WRITER], ['b', SUPERVISOR], ['leader', 'linyg']]) await chief.fill(`[name=${name}]`, who)
    await chief.click('button[value=save]')
    await chief.waitForSelector('.note.ok')
    await chief.goto('/duty/setup')
    await chief.fill('[name=minutes]', '1')
    await chief.click('button:text("保存")')
    await chief.waitForSelector('.note.ok')

    const site = await desk(t, SITE, true)
    await site.goto('/duty/urgent')
    assert.ok(await overflow(site) <= 0)
    await site.fill('[name=subject]', '雁回项目部2号基坑涌水，人员已撤出，正在排水')
    await site.tap('button:text("登记并呼叫值班人员")')
    await site.waitForURL(/\/duty\/climbs\/\d+/)
    day.climb = new URL(site.url()).pathname
    await site.waitForSelector('.climbsteps li:has-text("A岗 李四")', { timeout: 20000 })
    await site.shot('day-urgent-phone', { fullPage: true })
    // A sleeps. The call goes on by itself, a minute a step, while the day below goes on; what came of it is looked at when it has climbed.
})

test('七点四十五：今日要情一张A4纸，印出来看过', async t => {
    const page = await desk(t, CHIEF)
    await page.goto('/brief')
    const p = await data(page, '/brief')
    assert.ok(p.parts.some(s => s.key === 'urgent' && s.rows.some(r => /雁回项目部2号基坑涌水/.test(r.title))), 'what happened at night stands there')
    await page.shot('day-brief', { fullPage: true })
    const on = join(t.shots, 'day-brief.pdf'), of = join(t.shots, 'day-brief-pdf.pdf')
    await page.emulateMedia({ media: 'print' })
    writeFileSync(on, await page.pdf({ preferCSSPageSize: true, printBackground: true }))
    await page.emulateMedia({ media: 'screen' })
    writeFileSync(of, await (await page.request.get(p.pdf)).body())
    for (const file of [on, of]) {
        const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
        assert.match(info, /Pages:\s+1\n/)
        assert.match(info, /A4/)
        assert.match(execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }), /雁回项目部2号基坑涌水/)
        execFileSync('pdftoppm', ['-r', '80', '-png', '-singlefile', file, file.replace(/\.pdf$/, '-paper')])
    }
    // each leader's own sheet is printed for him
    for (const leader of [PARTY, VICE]) assert.ok(p.audiences.some(a => a.name === leader), leader)
})

test('八点半：四十件来文，一张屏幕，不用鼠标', { timeout: 300000 }, async t => {
    const page = await desk(t, CLERK)
    await page.addInitScript(() => {
        for (const e of ['mousedown', 'pointerdown', 'touchstart'])
            addEventListener(e, () => { if (location.pathname === '/register') throw new Error('a mouse was used') }, true)
    })
    await page.goto('/register')
    assert.equal(await page.locator('form[data-register] [data-step]').count(), 8)
    const before = (await ledger(page, 'incoming')).length
    const about = ['冬春安全生产', '资金集中管理', '投资项目后评价', '档案数字化', '信访积案化解', '干部轮训', '合同履约', '网络安全检查', '节能降碳', '公积金调整', '劳动竞赛', '志愿服务',
        '工程招投标', '环保督察整改', '职工体检', '公务用车', '统计年报', '财务决算', '食堂卫生', '农民工工资', '法治宣传', '保密教育', '离退休工作', '科技奖励', '标准化建设', '防灾减灾', '债务风险', '对外担保',
        '品牌建设', '工会换届', '青年人才', '采购管理', '历史建筑保护', '物业移交']
    const from = ['云岭省财政厅', '云岭省统计局', '云岭省水利厅', '云岭省应急管理厅']
    const papers = about.map((what, i) => ({ sender: from[i % 4], docno: `云函〔2026〕${300 + i}号`, title: `关于做好${what}工作的通知`, day: `2026年10月${1 + i % 28}日` }))
    const files = new Keys(page)
    // each paper has one original: said once, for the sitting
    while (await page.evaluate(() => document.activeElement.name) !== 'copies') await files.press('Shift+Tab')
    await files.type('1')
    while (await page.evaluate(() => document.activeElement.name) !== 'subject') await files.press('Tab')
    day.keys.sitting = files.n
    files.n = 0
    const numbers = await registerAll(page, papers, files, async (i, paper, keys) => {
        if (i >= 8) return
        // these are to be handled: class and limit, the six fields before them are right as read
        await keys.press('Enter', 'Enter', 'Enter', 'Enter', 'Enter', 'Enter', '2', 'Enter')
        await keys.type('+9')
    })
    const fromFiles = files.n
    await page.shot('day-register')

    const typed = new Keys(page)
    for (const [i, what] of ['技能大赛', '安全月活动', '国企改革', '档案检查', '年终慰问'].entries()) {
        for (const text of [`关于开展${what}的通知`, 'yls', `云组发[2026]${40 + i}号`, '1020', 'tz']) {
            await typed.type(text)
            if (text === 'yls') await page.waitForSelector('.sug a.at')
            await typed.press('Enter')
        }
        numbers.push(await save(page, typed))
    }

    const scanned = new Keys(page)
    const png = await sheet(t, `<div style="text-align:center;color:#c00;font-size:52px">云岭省应急管理厅文件</div><div style="text-align:center">云应急〔2026〕47号</div><hr>
        <h1 style="text-align:center;font-size:40px">云岭省应急管理厅关于开展冬季消防检查的通知</h1><p>各省属企业：<p>　　请各单位立即组织自查。<div style="text-align:right">云岭省应急管理厅<br>2026年11月16日</div>`, 1000, 1414)
    await page.setInputFiles('[name=upload]', { name: '扫描0001.png', mimeType: 'image/png', buffer: png })
    await page.waitForSelector('[data-file-name] .tag', { timeout: 120000 })
    assert.match(await page.inputValue('[name=subject]'), /冬季消防检查/, await page.textContent('[data-note]'))
    await scanned.press('Enter', 'Enter')
    await scanned.type('云应急〔2026〕47号') // what was read is compared with the paper and the number typed anew
    numbers.push(await save(page, scanned))
    await page.shot('day-register-done')

    assert.equal(numbers.length, 40)
    assert.equal(new Set(numbers).size, 40)
    const serial = n => Number(n.match(/〕(\d+)号/)[1])
    for (let i = 1; i < 40; i++) assert.equal(serial(numbers[i]), serial(numbers[i - 1]) + 1, 'no number is left out')
    const all = await ledger(page, 'incoming')
    assert.equal(all.length, before + 40)
    day.papers = numbers.map(n => all.find(r => r.number === n)?.id)
    assert.ok(day.papers.every(Boolean))
    Object.assign(day.keys, { fromFiles, typed: typed.n, scanned: scanned.n })
    console.log(`      四十件共 ${day.keys.sitting + fromFiles + typed.n + scanned.n} 次按键：开头设份数 ${day.keys.sitting} 次；有电子件的 34 件 ${fromFiles} 次（其中 8 件改为办件并填期限，每件 ${(fromFiles - 26) / 8} 次，其余每件 1 次）；` +
        `没有文件的 5 件 ${typed.n} 次，每件 ${typed.n / 5} 次；扫描件 1 件 ${scanned.n} 次（重打文号），最多八栏、一屏`)
    assert.equal(fromFiles, 26 + 8 * 11)
    assert.ok(typed.n / 5 <= 45 && scanned.n <= 20)
})

test('九点半：初审、拟办，八件送两位领导；一件阅件送传阅', { timeout: 240000 }, async t => {
    const page = await desk(t, WRITER)
    for (let i = 0; i < 8; i++) {
        await step(page, day.papers[i], '初审通过')
        await step(page, day.papers[i], '送领导批示', '拟请领导阅示。', { leader: i % 2 ? 'lyg' : 'yst' })
    }
    await page.shot('day-proposed')
    const chief = await desk(t, CHIEF)
    day.circulated = day.papers[10]
    await step(chief, day.circulated, '初审通过')
    await step(chief, day.circulated, '直接分办', '请传阅。')
    await step(chief, day.circulated, '分送传阅', '', { readers: READERS })
    await chief.shot('day-circulated', { fullPage: true })
})

const WORDS = [
    ['同意。请财务部、工程部阅办。', 2], ['请工程部阅处。', 1], ['请安质部研究提出意见。', 1], ['已阅。', 0],
    ['', 0], ['请工会、宣传部阅办。', 2], ['拟同意，请企管部阅处。', 1], ['请财务部研究。', 1],
]

test('十点半：文件退回来，照原件录入批示，另一人对着图片核对，确认后交办', { timeout: 240000 }, async t => {
    const page = await desk(t, CLERK), second = await desk(t, WRITER)
    for (const [i, [words]] of WORDS.entries()) {
        await page.goto(`/items/${day.papers[i]}/remarks`)
        const leader = i % 2 ? VICE : PARTY
        assert.match(await page.textContent('[name=leader] option:checked'), new RegExp(`${leader}.*正等他批示`))
        await page.fill('[name=words]', words)
        await page.setInputFiles('[name=picture]', { name: `批示${i + 1}.png`, mimeType: 'image/png',
            buffer: await sheet(t, `<div style="font-family:'Noto Serif CJK SC';font-size:44px;transform:rotate(-3deg)">${words || '〇'}<br>　　　${leader}　11.24</div>`) })
        await page.click('button[value=enter]')
        await page.waitForURL(/remarks\/\d+$/)
        day.remarks.push(new URL(page.url()).pathname)
    }
    assert.equal(await page.locator('[data-verify]').count(), 0, 'not by whoever entered it')
    // the second person goes through what waits for him, by keys
    for (const at of day.remarks) {
        assert.ok((await data(second, '/remarks/verify')).rows.some(r => r.link === at))
        await second.goto(at)
        await second.waitForFunction(() => document.querySelector('.rpics img')?.naturalWidth > 0)
        if (at === day.remarks[0]) await second.shot('day-verify')
        await second.keyboard.press('y')
        await second.locator('.note.ok').waitFor()
    }
    for (const [i, [words, asks]] of WORDS.entries()) {
        await page.goto(day.remarks[i])
        if (asks) {
            await page.click('button:text("交办勾选的")')
            await page.locator('.rtasks').waitFor()
        }
        const one = await data(page, day.remarks[i])
        assert.equal(one.row.state, 'right', words)
        assert.equal(one.row.words, words || '圈阅')
        assert.equal(one.tasks.length, asks, words)
    }
    await page.goto(day.remarks[0])
    await page.shot('day-remark', { fullPage: true })
})

test('下午：三件口头交办，各记一行，另一人核对', async t => {
    const lines = [[MEETINGS, '岳书记 昨天下午 让财务部5天内报青溪河资金计划', PARTY, '财务部'], [OPINIONS, '林总 昨天上午 让工程部5天内报汛后检修清单', VICE, '工程部'],
        [SUPERVISOR, '岳书记 昨天上午 让安质部7天内报隐患整改台账', PARTY, '安质部']]
    const second = await desk(t, WRITER)
    for (const [login, line, leader, unit] of lines) {
        const page = await desk(t, login)
        await page.goto('/')
        const keys = new Keys(page)
        await keys.press('o')
        await page.waitForFunction(() => document.activeElement.name === 'line')
        await keys.type(line)
        await keys.press('Enter')
        await page.locator('.oralform').waitFor()
        assert.match(await page.textContent('[name=leader] option:checked'), new RegExp(leader))
        await page.shot('day-oral')
        await keys.press('Enter')
        await page.locator('.note.ok').waitFor()
        const [row] = (await data(page, '/oral')).rows
        assert.equal(row.who, unit)
        assert.ok(row.due)
        assert.ok(!day.orders.includes(row.id))
        day.orders.push(row.id)
        console.log(`      口头交办：${keys.n} 次按键，其中原话 ${[...line].length} 字`)
        await second.goto(row.verify)
        await second.keyboard.press('y')
        await second.locator('.note.ok').waitFor()
    }
    assert.ok((await data(second, '/oral')).rows.slice(0, 3).every(r => !r.verify))
})

test('下午：传阅件不见了，一查在谁手里；扫条找到', async t => {
    const clerk = await desk(t, CLERK)
    const { originals: [{ code, link, holder }] } = await data(clerk, `/items/${day.circulated}`)
    assert.equal(holder, '张三')
    await clerk.goto(`/originals/slips?item=${day.circulated}`)
    const dir = mkdtempSync(join(tmpdir(), 'qs-day-'))
    let read
    try {
        await clerk.locator('.oslip').screenshot({ path: join(dir, 'slip.png') })
        read = execFileSync('/usr/bin/zbarimg', ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', join(dir, 'slip.png')], { encoding: 'utf8' }).trim()
    } finally { rmSync(dir, { recursive: true }) }
    assert.ok(read.endsWith(link))
    // handed to the first reader, at the desk
    await clerk.goto(link)
    await clerk.click('button:has-text("杨柳渡")')
    await clerk.waitForSelector('.note.ok')
    assert.match(await clerk.textContent('.orignow'), /杨柳渡/)
    // he does not have it either
    const supervisor = await desk(t, SUPERVISOR)
    await supervisor.goto(link)
    await supervisor.click('summary:has-text("找不到了")')
    await supervisor.click('button:text("下落不明")')
    await supervisor.waitForSelector('.latered')
    await supervisor.goto('/originals?which=lost')
    assert.equal((await data(supervisor, '/originals?which=lost')).rows.find(r => r.code === code).holder, '杨柳渡')
    await supervisor.shot('day-lost')
    // the other reader sees a paper on his desk and points his phone at the slip
    const finder = await desk(t, FINDER, true)
    await finder.goto(new URL(read).pathname)
    await finder.tap('button:text("找到了，在我这里")')
    await finder.waitForSelector('.note.ok')
    assert.match(await finder.textContent('.orignow'), /在您手里/)
    await finder.shot('day-found-phone')
    assert.ok(!(await data(supervisor, '/originals?which=lost')).rows.some(r => r.code === code))
    assert.equal((await data(supervisor, `/originals?q=${code}`)).rows[0].holder, '蓝天野')
    assert.ok((await data(clerk, '/notices')).rows.some(r => /找到了下落不明的原件第1份，现在在蓝天野手里/.test(r.text)), 'who answers for it need not go on looking')
})

test('夜里那件：A岗、B岗都没有接，叫到带班领导，电话里接到，代记', { timeout: 240000 }, async t => {
    const b = await desk(t, SUPERVISOR)
    await b.goto(day.climb)
    await b.waitForSelector('.climbsteps li:has-text("带班领导 林雁归")', { timeout: 180000 })
    await b.shot('day-climb', { fullPage: true })
    const { steps } = await data(b, day.climb)
    assert.deepEqual(steps.map(s => s.name).reverse().slice(0, 3), ['李四', '王五', VICE])
    await b.click('summary:has-text("电话里已经告诉了别人")')
    await b.selectOption('[name=whose]', { label: (await b.locator('[name=whose] option', { hasText: VICE }).textContent()).trim() })
    await b.click('button:text("他电话接到")')
    await b.waitForSelector('.climb.acked')
    const done = await data(b, day.climb)
    assert.equal(done.state, '已有人接到')
    assert.match(done.acked, /林雁归/)
    const site = await desk(t, SITE, true)
    assert.ok((await data(site, '/notices')).rows.slice(0, 3).some(r => /林雁归.*接到/.test(r.text)), 'whoever raised it hears who has it')
    await step(b, day.climb.split('/').pop(), '首报', '已核实：人员全部撤出，水位下降。', {},
        { first_to: '云岭省应急管理厅值班室', follow_due: new Date(Date.now() + 10 * 3600e3).toISOString().slice(0, 16) })
})

test('收工：收文、批示、交办、原件一件件数，没有逾期的，没有丢的', async t => {
    const chief = await desk(t, CHIEF)
    const incoming = (await ledger(chief, 'incoming')).filter(r => day.papers.includes(r.id))
    assert.equal(incoming.length, 40)
    const states = {}
    for (const r of incoming) states[r.state] = (states[r.state] ?? 0) + 1
    assert.deepEqual(states, { 待批示: 8, 传阅中: 1, 初审: 31 })
    assert.deepEqual(incoming.filter(r => r.light), [])
    const oral = (await ledger(chief, 'oral')).filter(r => day.orders.includes(r.id))
    assert.equal(oral.length, 3)
    assert.ok(oral.every(r => r.state === '办理中' && !r.light && r.due))
    const urgent = (await ledger(chief, 'urgent')).filter(r => day.climb.endsWith(r.id))
    assert.equal(urgent.length, 1)
    // each of the forty papers is in somebody's hands
    const originals = (await rows(chief, '/originals?which=any')).filter(r => day.papers.includes(r.item))
    assert.equal(originals.length, 40)
    assert.ok(originals.every(r => r.out && !r.lost && r.holder))
    // every ask has somebody, none is late; what the leaders were asked is answered
    const asked = { leader: 0, remark: 0, oral: 0, read: 0 }
    for (const id of [...day.papers.slice(0, 8), day.circulated, ...day.orders, day.climb.split('/').pop()]) {
        const item = await data(chief, `/items/${id}`)
        assert.equal(item.late, false)
        for (const a of item.asks) {
            assert.ok(a.who && !a.overdue, `${item.number} ${a.who}`)
            const sort = a.purpose === '请批示' ? 'leader' : day.orders.includes(id) ? 'oral' : id === day.circulated ? 'read' : 'remark'
            asked[sort]++
            assert.equal(a.open, sort !== 'leader')
        }
    }
    assert.deepEqual(asked, { leader: 8, remark: WORDS.reduce((n, w) => n + w[1], 0), oral: 3, read: 2 })
    // each remark stands verified, and nothing waits to be
    for (const at of day.remarks) assert.equal((await data(chief, at)).row.state, 'right')
    const waiting = (await data(chief, '/remarks/verify')).rows
    assert.ok(!waiting.some(r => [...day.papers, ...day.orders].includes(r.item)))
    await chief.goto('/')
    await chief.shot('day-end', { fullPage: true })
    for (const page of people.values()) await page.context().close()
    people.clear()
})
