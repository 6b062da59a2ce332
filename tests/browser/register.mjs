// 收文登记 on one screen, without the mouse; keystrokes are counted and stated.
import { assert, test } from './harness.mjs'
import { SECRETARY, STAFF, data, overflow, signIn } from './lib/office.mjs'
import { Keys, last, paper, registerAll, save } from './lib/register.mjs'

const at = (page, name) => page.inputValue(`form[data-register] [name=${name}]`)
const focused = page => page.evaluate(() => document.activeElement.name)

/** No mouse at all: what is not pressed on the keyboard is an error of the test. */
async function noMouse(page) {
    await page.addInitScript(() => {
        for (const e of ['mousedown', 'pointerdown', 'touchstart'])
            addEventListener(e, () => { throw new Error('a mouse was used') }, true)
    })
}

async function letter(t, html) {
    const page = await t.context.newPage()
    await page.setViewportSize({ width: 1000, height: 1414 })
    await page.setContent(`<meta charset=utf-8><body style="margin:90px 100px;font:30px/2 'Noto Serif CJK SC'">${html}`)
    const png = await page.screenshot()
    await page.close()
    return png
}

test('登记：电子件读出各栏，核对后一键登记（1次按键），光标回到第一栏', async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    assert.equal(await t.page.locator('form[data-register] [data-step]').count(), 8) // at most eight fields
    assert.equal(await focused(t.page), 'subject')
    const keys = new Keys(t.page)
    const p = { sender: '云岭省人民政府国有资产监督管理委员会', docno: '云国资发〔2026〕88号', title: '云岭省人民政府国有资产监督管理委员会关于做好今冬明春安全生产工作的通知', day: '2026年11月18日', urgency: '加急' }
    await t.page.setInputFiles('[name=upload]', { name: '安全生产.txt', mimeType: 'text/plain', buffer: Buffer.from(paper(p)) })
    await t.page.waitForFunction(title => document.querySelector('[name=subject]').value === title, p.title)
    assert.equal(await at(t.page, 'sender'), p.sender)
    assert.equal(await at(t.page, 'docno'), p.docno)
    assert.equal(await at(t.page, 'written'), '2026-11-18')
    assert.equal(await at(t.page, 'genre'), '通知')
    assert.equal(await at(t.page, 'urgency'), '2')
    await t.shot('register-read')
    const number = await save(t.page, keys)
    assert.match(number, /^收〔\d{4}〕\d+号$/)
    assert.equal(keys.n, 1)
    console.log(`      电子件：选好文件后 ${keys.n} 次按键`)
    assert.equal(await focused(t.page), 'subject')
    assert.equal(await at(t.page, 'subject'), '')
    const { rows } = await data(t.page, '/register')
    assert.equal(rows[0].number, number)
    const item = await data(t.page, rows[0].link.split('?')[0])
    assert.equal(item.state, '初审')
    assert.equal(item.files.length, 1)
    assert.equal(item.fields.find(f => f.id === 'docno').text, p.docno)
    await t.shot('register-next')
})

async function signIn0(page) { // the one page where a mouse would do no harm has a button to press
    await page.goto('/login')
    await page.fill('[name=login]', SECRETARY)
    await page.fill('[name=password]', 'Qianshao2026')
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(/\/$/)
}

test('登记：没有文件的，全部用键盘，单位和文种打拼音首字母，日期打四位数', async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    const keys = new Keys(t.page)
    await keys.type('关于召开全省国有企业党的建设工作推进会的通知')
    await keys.press('Enter')
    await keys.type('yls')
    await t.page.waitForSelector('.sug a.at')
    await t.shot('register-sender')
    const sender = await t.page.textContent('.sug a.at')
    await keys.press('Enter')
    assert.equal(await at(t.page, 'sender'), sender)
    assert.match(sender, /^云岭省/)
    await keys.type('云组发[2026]17号')
    await keys.press('Enter')
    const now = new Date(), yesterday = new Date(now - 864e5)
    await keys.type(String(yesterday.getMonth() + 1).padStart(2, '0') + String(yesterday.getDate()).padStart(2, '0'))
    await keys.press('Enter')
    await keys.type('tz')
    await keys.press('Enter')
    assert.equal(await at(t.page, 'genre'), '通知')
    await keys.press('3', 'Enter') // 特急
    await keys.press('3', 'Enter') // 办件，需答复
    await keys.type('+3')
    assert.equal(await focused(t.page), 'due')
    const before = await last(t.page)
    await keys.press('Enter') // the last field: registered
    await t.page.waitForFunction(b => document.querySelector('[data-last]').textContent !== b, before)
    console.log(`      没有文件：${keys.n} 次按键，其中标题和文号 34 字`)
    assert.ok(keys.n <= 60, `${keys.n} keys`)
    const { rows } = await data(t.page, '/register')
    const { fields, urgency } = await data(t.page, rows[0].link.split('?')[0])
    const of = id => fields.find(f => f.id === id)?.text
    assert.equal(of('docno'), '云组发〔2026〕17号') // brackets as the standard has them
    assert.equal(of('class'), '办件')
    assert.equal(of('reply'), '需答复')
    assert.ok(of('reply_due'))
    assert.equal(urgency, '特急')
})

test('登记：扫描件识别后填好各栏并标待核，改一处再登记', { timeout: 180000 }, async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    const png = await letter(t, `<div style="text-align:center;color:#c00;font-size:52px">云岭省应急管理厅文件</div><div style="text-align:center">云应急〔2026〕31号</div><hr>
        <h1 style="text-align:center;font-size:40px">云岭省应急管理厅关于开展冬季消防检查的通知</h1><p>各省属企业：<p>　　请各单位立即组织自查。<div style="text-align:right">云岭省应急管理厅<br>2026年11月16日</div>`)
    const keys = new Keys(t.page)
    await t.page.setInputFiles('[name=upload]', { name: '扫描0001.png', mimeType: 'image/png', buffer: png })
    await t.page.waitForSelector('[data-file-name] .tag', { timeout: 120000 })
    assert.match(await t.page.textContent('[data-file-name]'), /待核/)
    assert.match(await at(t.page, 'subject'), /冬季消防检查的通知/)
    await t.shot('register-scan')
    // whatever was misread in the number is typed anew
    await keys.press('Enter', 'Enter')
    assert.equal(await focused(t.page), 'docno')
    await keys.type('云应急〔2026〕31号') // the field was selected: typing replaces it
    const number = await save(t.page, keys)
    console.log(`      扫描件：重打文号后 ${keys.n} 次按键`)
    const { rows } = await data(t.page, '/register')
    const { fields } = await data(t.page, rows[0].link.split('?')[0])
    assert.equal(rows[0].number, number)
    assert.equal(fields.find(f => f.id === 'docno').text, '云应急〔2026〕31号')
})

test('登记：文号、文件、标题重复先提醒，再按一次才登记；有密级标志的不收', async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    const keys = new Keys(t.page)
    const p = { sender: '云岭省财政厅', docno: '云财企〔2026〕5号', title: '云岭省财政厅关于编制国有资本经营预算建议草案的通知', day: '2026年11月2日' }
    await registerAll(t.page, [p], keys)
    const choose = (name, text) => t.page.setInputFiles('[name=upload]', { name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    t.expectProblem(/409|400/)
    await choose('又一份.txt', paper(p))
    await t.page.waitForSelector('[data-known]:not([hidden]) li')
    assert.match(await t.page.textContent('[data-known]'), /文号相同|文件相同/)
    await t.shot('register-known')
    await t.page.waitForTimeout(700) // one who presses at once has not looked: he is asked again
    const before = await last(t.page)
    await save(t.page, keys) // it was shown: the clerk says that it is another one
    assert.notEqual(await last(t.page), before)
    // typed without a file: asked when it is sent
    await keys.type('省财政厅关于编制国有资本经营预算建议草案的通知')
    await keys.press('Enter')
    await keys.type('云岭省财政厅')
    const third = await last(t.page)
    await keys.press('F2')
    await t.page.waitForSelector('[data-known]:not([hidden]) li')
    assert.match(await t.page.textContent('[data-known]'), /标题相近/)
    assert.equal(await last(t.page), third)
    await t.page.evaluate(() => localStorage.clear())
    await t.goto('/register')
    await choose('密件.txt', '机密★1年\n\n' + paper({ ...p, docno: '云财企〔2026〕6号' }))
    await t.page.waitForSelector('.note.bad')
    assert.match(await t.page.textContent('.note.bad'), /严禁存储、处理国家秘密/)
    assert.equal(await at(t.page, 'subject'), '')
    assert.equal(await at(t.page, 'file'), '')
})

test('登记：前一件的查重答得晚，不算到下一件头上；读文件时已在别的栏写，光标不被拉走', async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    const keys = new Keys(t.page)
    let go, late
    const held = new Promise(done => { go = done })
    await t.page.route('**/register/same?*', async route => {
        const answer = await route.fetch()
        await held
        await route.fulfill({ response: answer, json: { data: { known: [{ why: '文号相同', number: '收〔2026〕1号', title: '前一件', sender: '', day: '', link: '' }] } } })
        late()
    })
    const answered = new Promise(done => { late = done })
    await keys.type('关于做好元旦春节期间有关工作的通知')
    await keys.press('Enter')
    await keys.type('云岭省财政厅')
    await keys.press('Enter')
    await save(t.page, keys)
    go()
    await answered
    await t.page.evaluate(() => new Promise(done => setTimeout(done, 300))) // it is read
    assert.equal(await t.page.locator('[data-known] li').count(), 0, 'of an earlier paper nothing is said')
    let read
    const reading = new Promise(done => { read = done })
    await t.page.route('**/register/read', async route => { await reading; await route.continue() })
    const p = { sender: '云岭省财政厅', docno: '云财企〔2026〕71号', title: '云岭省财政厅关于报送季度报表的通知', day: '2026年11月3日' }
    await t.page.setInputFiles('[name=upload]', { name: '报表.txt', mimeType: 'text/plain', buffer: Buffer.from(paper(p)) })
    await t.page.waitForSelector('form.reading')
    await keys.press('Enter')
    await keys.type('省财政厅')
    read()
    await t.page.waitForFunction(title => document.querySelector('[name=subject]').value === title, p.title)
    await t.page.waitForSelector('form[data-register]:not(.reading)')
    await keys.type('办公室')
    assert.equal(await at(t.page, 'sender'), '省财政厅办公室')
    assert.equal(await at(t.page, 'subject'), p.title)
})

test('登记：连续四十件，一次选好，每件核对后一键', { timeout: 240000 }, async t => {
    await noMouse(t.page)
    await signIn0(t.page)
    await t.goto('/register')
    const keys = new Keys(t.page), days = 28
    const about = ['安全生产', '防汛抗旱', '档案管理', '会议费用', '信访接待', '干部培训', '合同审查', '网络安全', '节能降耗', '住房公积金', '劳动竞赛', '志愿服务',
        '工程招标', '环境保护', '疫苗接种', '车辆使用', '公务接待', '统计调查', '财务决算', '食堂卫生']
    const what = ['专项检查情况', '先进个人推荐']
    const papers = Array.from({ length: 40 }, (_, i) => ({ sender: ['云岭省财政厅', '云岭省统计局', '云岭省水利厅'][i % 3], docno: `云函〔2026〕${200 + i}号`,
        title: `关于报送${about[i % 20]}${what[Math.floor(i / 20)]}的通知`, day: `2026年10月${1 + i % days}日` }))
    const begun = Date.now()
    const numbers = await registerAll(t.page, papers, keys)
    assert.equal(keys.n, 40)
    console.log(`      四十件：${keys.n} 次按键，${((Date.now() - begun) / 1000).toFixed(1)} 秒`)
    const serial = n => Number(n.match(/〕(\d+)号/)[1])
    for (let i = 1; i < 40; i++) assert.equal(serial(numbers[i]), serial(numbers[i - 1]) + 1)
    assert.ok((await data(t.page, '/register')).today >= 40)
})

test('登记：断了网填的都在，恢复后再按；不用脚本也能登记', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/register')
    await t.page.fill('[name=subject]', '关于报送值班安排的函')
    await t.page.fill('[name=sender]', '云岭省应急管理厅')
    t.expectProblem(/ERR_INTERNET_DISCONNECTED|Failed to load/)
    await t.context.setOffline(true)
    await t.page.keyboard.press('F2')
    await t.page.waitForSelector('.note.bad')
    assert.match(await t.page.textContent('.note.bad'), /填的都在/)
    assert.equal(await at(t.page, 'subject'), '关于报送值班安排的函')
    await t.context.setOffline(false)
    await save(t.page, new Keys(t.page))
    const context = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: false, locale: 'zh-CN' })
    const page = await context.newPage()
    await signIn(page, SECRETARY)
    await page.goto('/register')
    await page.setInputFiles('[name=upload]', { name: '来文.txt', mimeType: 'text/plain', buffer: Buffer.from(paper({ sender: '云岭省审计厅', docno: '云审〔2026〕9号', title: '云岭省审计厅关于提供审计资料的函', day: '2026年11月3日' })) })
    await page.click('button:text("读取内容")')
    assert.equal(await page.inputValue('[name=docno]'), '云审〔2026〕9号')
    await page.click('button.go')
    assert.match(await page.textContent('.note.ok'), /已登记/)
    assert.match(await page.textContent('[data-registered]'), /审计资料/)
    await context.close()
})

test('登记：只有科长和秘书能用；手机宽度', { phone: true }, async t => {
    t.expectProblem(/403/)
    await signIn(t.page, STAFF)
    assert.equal((await t.goto('/register')).status(), 403)
    await t.context.clearCookies()
    await signIn(t.page, SECRETARY)
    await t.goto('/register')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('register-phone', { fullPage: true })
})
