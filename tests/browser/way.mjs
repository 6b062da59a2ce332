// The whole way of a document in the real pages, by clicks and keys: a writer, the chief of the section, a countersigner of another unit, the
// leader on his phone, the clerk who numbers, prints and sends off. From the blank page to the archive package, which other programs check.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { PHONE, assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, overflow, signIn } from './lib/office.mjs'

const TITLE = '关于做好2026年防汛和安全度汛工作的通知'
const ORGAN = '云岭山河建设集团有限公司党委办公室'

/** A person with a window of his own; what a page complains of is the test's. */
async function as(t, login, screen = { viewport: { width: 1366, height: 768 } }) {
    const context = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true, ...screen })
    context.setDefaultTimeout(20000)
    const page = await context.newPage()
    page.on('pageerror', e => t.problems.push(`${login} script: ${e.message}`))
    page.on('console', m => { if (m.type() === 'error' && !t.expected?.test(m.text())) t.problems.push(`${login} console: ${m.text()} ${page.url()}`) })
    await signIn(page, login)
    return page
}

let shots = 0
/** A picture of what he sees, to be looked at; no page of the way is wider than its window. */
async function look(t, page, name) {
    shots++
    await page.screenshot({ path: `${t.shots}/way-${String(shots).padStart(2, '0')}-${name}.png` })
    assert.ok(await overflow(page) <= 0, name)
}
const here = page => page.waitForLoadState()

/** What waits for him, opened from his desk. */
async function open(page, title = TITLE) {
    await page.goto('/')
    await page.locator('a:visible', { hasText: '全部待办' }).click()
    await page.waitForURL(/box=todo/)
    await page.locator('table a:visible', { hasText: title }).first().click()
    await page.waitForURL(/\/items\/\d+/)
}

/** One of a list, by typing some of its name and pressing Enter. */
async function pick(page, field, words) {
    const box = page.locator(`.ipicks[data-name="${field}"]:visible`)
    await box.locator('input.in').click()
    await page.keyboard.type(words)
    await page.locator('.sug a').first().waitFor()
    await page.keyboard.press('Enter')
    await box.locator('.pickd').last().waitFor()
}

/** A step: its button, what it asks for, Ctrl+Enter. Says what the page then says. */
async function step(page, name, words = '', more = async () => {}) {
    const button = page.locator('.moves a', { hasText: new RegExp(`^${name}$`) })
    await button.click()
    const form = page.locator('form.actform:visible')
    await more(form)
    for (const box of await form.locator('.check.sure input').all()) await box.check()
    if (words) {
        await form.locator('textarea[name=text]').click()
        await page.keyboard.type(words)
    }
    await Promise.all([page.waitForNavigation(), words ? page.keyboard.press('Control+Enter') : form.locator('button.go').click()])
    return page.locator('.note.ok').textContent()
}

/** Words written at the end of a line that stands in the open text, and kept. */
async function write(page, line, words, back = 0) {
    await page.locator('.cm-line', { hasText: line }).first().click()
    await page.keyboard.press('End')
    await page.keyboard.press('End') // of the line, where it takes two on the screen
    for (let i = 0; i < back; i++) await page.keyboard.press('Backspace')
    await page.keyboard.insertText(words)
    await kept(page)
}
/** What stands in the editor stands on the server. */
async function kept(page) {
    const path = new URL(page.url()).pathname
    for (let i = 0; i < 200; i++) {
        const there = await page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
        if ((await data(page, path)).text === there) return
        await page.waitForTimeout(50)
    }
    assert.fail('the text was not kept')
}
const desk = page => page.waitForSelector('.desk-on .cm-content')

/** A ring in red on nothing, as a seal comes out of a scanner. */
function seal(side = 240) {
    const rows = Buffer.alloc((side * 4 + 1) * side)
    for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
            const r = Math.hypot(x - side / 2, y - side / 2), on = (r < side / 2 - 2 && r > side / 2 - 12) || r < 28
            if (on) rows.set([200, 16, 32, 255], y * (side * 4 + 1) + 1 + x * 4)
        }
    const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0 })
    const chunk = (kind, body) => {
        const all = Buffer.concat([Buffer.from(kind), body]), size = Buffer.alloc(4), sum = Buffer.alloc(4)
        size.writeUInt32BE(body.length)
        sum.writeUInt32BE((all.reduce((c, b) => table[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0)
        return Buffer.concat([size, all, sum])
    }
    const head = Buffer.alloc(13)
    head.writeUInt32BE(side, 0)
    head.writeUInt32BE(side, 4)
    head.set([8, 6], 8)
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

const take = async (page, click) => {
    const [file] = await Promise.all([page.waitForEvent('download'), click()])
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}
const opinions = page => page.boxes.flatMap(b => b.rows)

test('从空白页到归档包：五个人，全程点击和键盘', { timeout: 300000 }, async t => {
    const writer = await as(t, STAFF), chief = await as(t, CHIEF), unit = await as(t, 'jinmd'),
        leader = await as(t, 'yuest', PHONE), clerk = await as(t, SECRETARY)

    // 拟稿: a blank page, the elements in their rows, the text typed
    await writer.click('nav >> text=拟稿')
    await writer.locator('a:visible', { hasText: '新拟' }).first().click()
    await writer.fill('main [name=title]', TITLE)
    await writer.click('main button.go')
    await desk(writer)
    await writer.locator('.el-row [aria-label="版式"]').selectOption('文件')
    await writer.locator('.el-row [aria-label="发文机关"]').fill(ORGAN)
    await writer.keyboard.press('Tab')
    await writer.locator('.cm-line', { hasText: TITLE }).click()
    await writer.keyboard.press('Control+End')
    await writer.keyboard.insertText(`\n各部门、各单位：\n为做好2026年防汛和安全度汛工作，现将有关事项通知如下。\n一、压实工作责任\n各单位主要负责人要靠前指挥。\n联系人：党委办公室李𠮷。\n二、加强值班值守\n汛期实行二十四小时值班。\n\n${ORGAN}\n2026年11月24日\n\n抄送：集团领导。\n${ORGAN}　2026年11月24日印发`)
    await kept(writer)
    await look(t, writer, 'desk')
    await writer.click('button:has-text("送核")')
    await writer.waitForURL(/items\/\d+\/edit/)
    const id = writer.url().match(/items\/(\d+)/)[1]
    const item = async (page = chief) => data(page, `/items/${id}`)

    // what the text says stands in the form already
    assert.equal(await writer.inputValue('[name="f.genre"]'), '通知')
    assert.ok(await writer.isChecked('[name="f.direction"][value=下行文]'))
    assert.equal(await writer.inputValue('[name="f.to_other"]'), '各部门、各单位')
    assert.equal(await writer.inputValue('[name="f.cc_other"]'), '集团领导')
    await writer.click('label.check:has-text("同时会签")')
    await pick(writer, 'f.sign_units', '财务')
    await pick(writer, 'f.to', '财务')
    await pick(writer, 'f.to', '路桥')
    await pick(writer, 'f.reviewer', 'qzh')
    await look(t, writer, 'form')
    await writer.click('button:has-text("保存并“送核稿”")')
    await here(writer)
    assert.match(await writer.textContent('.note.ok'), /现在是“核稿”，等秋知衡/)
    await look(t, writer, 'submitted')

    // 核稿: sent back once, mended, sent again
    await open(chief)
    await look(t, chief, 'review')
    assert.match(await step(chief, '退回修改', '第一条写明联系人的责任。'), /现在是“拟稿”，等桐半亩/)
    await open(writer)
    await writer.click('a:has-text("看文稿")')
    await desk(writer)
    await write(writer, '靠前指挥', '各单位要明确一名联系人。')
    await writer.click('a:has-text("发文办理")')
    await here(writer)
    assert.match(await step(writer, '送核稿', '已补。'), /等秋知衡/)
    await open(chief)
    assert.match(await step(chief, '送会签', '已核，请会签。'), /现在是“会签中”，等财务部/)

    // 会签: reads the text, answers
    await open(unit)
    await look(t, unit, 'cosign')
    await unit.click('a:has-text("看文稿（第2稿）")')
    await desk(unit)
    assert.match(await unit.textContent('.dk-status'), /只能查看/)
    await unit.click('a:has-text("发文办理")')
    await here(unit)
    assert.match(await unit.getAttribute('a:has-text("返回列表")', 'href'), /^\/items\?box=todo/) // through the desk and back, the list is where it was
    assert.deepEqual(await unit.locator('.panel.mine button[name=word].go').allTextContents(), ['同意']) // one main button, the others plain
    assert.equal(await unit.locator('.panel.mine button[name=word]').count(), 3)
    await unit.click('.panel.mine textarea')
    await unit.keyboard.type('建议写明报送时限。')
    await Promise.all([unit.waitForNavigation(), unit.click('.panel.mine button[value="有修改意见"]')])
    assert.match(await unit.textContent('.note.ok'), /已回复“有修改意见”，现在是“会签完毕”/) // nobody has to say so

    // the text goes on behind the opinion, and the opinion says so
    await open(chief)
    await look(t, chief, 'cosigned')
    await chief.click('a:has-text("看文稿")')
    await desk(chief)
    await write(chief, '明确一名联系人', '，12月1日前报党委办公室。', 1)
    await chief.click('a:has-text("发文办理")')
    await here(chief)
    const said = async () => opinions(await item()).find(r => /报送时限/.test(r.text)).version
    assert.match(await said(), /针对第2稿，此后文稿又有修改/)
    await look(t, chief, 'edited')
    assert.match(await step(chief, '送签发', '意见已采纳。', () => pick(chief, 'f.signer', 'yst')), /现在是“待签发”，等岳松亭/)
    assert.match(await said(), /该意见针对第2稿，现为第3稿/)

    // 签发, with a thumb
    await leader.goto('/')
    await leader.locator('a:visible', { hasText: TITLE }).first().tap()
    await leader.waitForURL(/\/items\/\d+/)
    await look(t, leader, 'leader')
    await leader.tap('a:has-text("看文稿（第3稿）")')
    await desk(leader)
    await look(t, leader, 'leader-text')
    await leader.tap('a:has-text("发文办理")')
    await here(leader)
    await leader.tap('.panel.mine .chip:has-text("同意。")')
    await Promise.all([leader.waitForNavigation(), leader.tap('button[value="同意签发"]')])
    assert.match(await leader.textContent('.note.ok'), /已回复“同意签发”，现在是“复核”/)
    await leader.waitForFunction(() => document.querySelector('.note.ok').getBoundingClientRect().top >= 0) // said where he looks
    await look(t, leader, 'leader-signed')
    await writer.goto(`/items/${id}`)
    await writer.click('a:has-text("看文稿")')
    await desk(writer)
    assert.match(await writer.textContent('#main'), /锁定/)
    await writer.locator('.cm-line', { hasText: '靠前指挥' }).click()
    await writer.keyboard.type('改')
    assert.doesNotMatch((await data(writer, new URL(writer.url()).pathname)).text, /改/)
    await look(t, writer, 'locked')

    // 复核, 编号
    await open(clerk)
    assert.match(await step(clerk, '复核通过', '已复核。'), /现在是“待编号”/)
    await open(clerk)
    assert.equal(await clerk.inputValue('[name="f.issuer"]'), ORGAN)
    const numbered = await step(clerk, '编号', '', async form => {
        await form.locator('[name="f.copies"]').fill('12')
        await pick(clerk, 'f.keeper', 'qzh')
        await look(t, clerk, 'number')
    })
    const number = (await item()).number
    assert.match(number, /^集团党发〔\d{4}〕\d+号$/)
    assert.ok(numbered.includes(number), numbered)

    // printers of the office: pre-printed paper, its calibration
    await clerk.goto(`/items/${id}`)
    await clerk.locator('a.btn:text-is("正本")').click()
    await clerk.click('a:has-text("打印机和套红校准")')
    await clerk.fill('form:has(button:text("登记")) input[name=printer]:not([type=hidden])', '文印室 激光打印机')
    await clerk.fill('input[name=tray]:not([type=hidden])', '纸盒2')
    await clerk.click('button:text-is("登记")')
    await here(clerk)
    const sheet = await take(clerk, () => clerk.click('text=打印校准页'))
    assert.equal(sheet.bytes.subarray(0, 4).toString(), '%PDF')
    await clerk.fill('[name=x]', '51.2')
    await clerk.fill('[name=y]', '49.5')
    await clerk.click('button[value=save]')
    await here(clerk)
    assert.match(await clerk.textContent('main, body'), /向左移1.20毫米，向下移0.50毫米/)
    await look(t, clerk, 'printers')

    // 印制: a character that the font lacks stops it, until the chief has looked
    await clerk.goto(`/items/${id}/text`)
    assert.match(await clerk.textContent('#main'), /缺1个字[\s\S]*要由科长看过预览/)
    assert.equal(await clerk.locator('button:has-text("登记并印制")').count(), 0)
    await look(t, clerk, 'print-stopped')
    await open(chief)
    await chief.click('a:has-text("预览、印制正本")')
    await here(chief)
    await chief.click('a:has-text("印章图片")')
    await chief.fill('form:has([name=png]) [name=name]', `${ORGAN}印章`)
    await chief.setInputFiles('[name=png]', { name: 'seal.png', mimeType: 'image/png', buffer: seal() })
    await chief.click('form:has([name=png]) button')
    await here(chief)
    await chief.fill('[name=who]', CHIEF)
    await chief.click('button[value=keeper]')
    await here(chief)
    await look(t, chief, 'seals')
    await chief.goto(`/items/${id}/text`)
    await chief.fill('[name=first]', '1')
    await chief.selectOption('[name=tray]', { index: 1 })
    await chief.fill('[name=fonts_why]', '李𠮷的“𠮷”用补字，样张已看过')
    await look(t, chief, 'print')
    await chief.click('button:has-text("登记并印制")')
    await here(chief)
    assert.match(await chief.textContent('#runs'), /000001至000012[\s\S]*样张已看过/)
    await look(t, chief, 'printed')

    // 用印
    await open(chief)
    assert.match(await step(chief, '用印', '', form => form.locator('[name=seal]').selectOption({ label: `${ORGAN}印章` })), /现在是“待印发”/)
    await chief.goto(`/items/${id}/text`)
    const run = await take(chief, () => chief.click('text=取PDF'))
    assert.equal(run.bytes.subarray(0, 4).toString(), '%PDF')
    writeFileSync(`${t.shots}/way-final.pdf`, run.bytes)
    const words = execFileSync('pdftotext', ['-layout', `${t.shots}/way-final.pdf`, '-'], { encoding: 'utf8' })
    assert.match(words, /000012/)
    assert.ok(words.includes(number), words.slice(0, 400))
    assert.match(words.replace(/\s/g, ''), /靠前指挥。各单位要明确一名联系人，12月1日前报党委办公室。/)
    await clerk.goto(`/items/${id}/text`)
    await clerk.click('summary:has-text("登记印废")')
    await clerk.fill('#runs [name=copies]', '2')
    await clerk.fill('#runs [name=why]', '卡纸')
    await clerk.click('#runs .pop button')
    await here(clerk)
    assert.match(await clerk.textContent('#runs'), /废2份[\s\S]*卡纸/)
    await clerk.fill('form.form1 [name=copies]', '2') // the chief has looked at this version: what spoiled may be printed again
    await clerk.fill('[name=first]', '13')
    await clerk.fill('form.form1 [name=why]', '补卡纸的2份')
    await clerk.click('button:has-text("登记并印制")')
    await here(clerk)
    assert.match(await clerk.textContent('#runs'), /000013至000014[\s\S]*重印：补卡纸的2份/)
    await look(t, clerk, 'reprinted')

    // 印发 and receipts
    await open(clerk)
    await look(t, clerk, 'dispatch')
    assert.match(await step(clerk, '印发', '', form => form.locator('[name="f.receipt_due"]').fill('2030-12-31')), /现在是“已印发”/)
    await open(unit)
    await look(t, unit, 'receipt')
    await Promise.all([unit.waitForNavigation(), unit.click('.panel.mine button[value="已收"]')])
    const bridge = await as(t, 'luxy', PHONE)
    await open(bridge)
    await Promise.all([bridge.waitForNavigation(), bridge.tap('.panel.mine button[value="已收"]')])
    assert.equal((await item()).asks.filter(a => a.word === '已收').length, 2)

    // 归档, and what leaves the house
    await open(clerk)
    await clerk.locator('a.btn:text-is("正本")').click()
    await here(clerk)
    await clerk.locator('.head .sum a').click() // and through the sheet of the final text
    await here(clerk)
    assert.match(await clerk.getAttribute('a:has-text("返回列表")', 'href'), /^\/items\?box=todo/)
    assert.match(await step(clerk, '归档'), /现在是“已归档”/)
    await clerk.goto(`/items/${id}`)
    await look(t, clerk, 'filed')
    await clerk.locator('a.btn:text-is("正本")').click()
    await clerk.click('button:has-text("制作归档包")')
    await here(clerk)
    await clerk.click('button:has-text("核对")')
    await here(clerk)
    assert.match(await clerk.textContent('.note.ok'), /核对相符/)
    await look(t, clerk, 'package')
    const zip = await take(clerk, () => clerk.click('text=下载归档包'))
    proved(zip.bytes, (await data(clerk, `/items/${id}/text`)).packs[0].sm3, number)
    for (const page of [writer, chief, unit, leader, clerk, bridge]) await page.context().close()
})

/** The package by openssl and Python: whole, and each file by the manifest. */
function proved(bytes, sum, number) {
    const dir = mkdtempSync(join(tmpdir(), 'qs-way-'))
    try {
        writeFileSync(join(dir, 'pack.zip'), bytes)
        const sm3 = file => execFileSync('openssl', ['dgst', '-sm3', '-r', file], { encoding: 'utf8' }).split(' ')[0]
        assert.equal(sm3(join(dir, 'pack.zip')), sum)
        const all = execFileSync('python3', ['-c', 'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1]); z.extractall(sys.argv[2]); print("\\n".join(z.namelist()))', join(dir, 'pack.zip'), dir],
            { encoding: 'utf8', env: { ...process.env, PYTHONUTF8: '1' } }).trim().split('\n')
        const lines = readFileSync(join(dir, '校验清单.sm3'), 'utf8').trim().split('\n').map(l => l.split('  '))
        assert.deepEqual(lines.map(l => l[1]).sort(), all.filter(n => n !== '校验清单.sm3').sort()) // nothing stands beside the manifest
        for (const [digest, name] of lines) assert.equal(sm3(join(dir, name)), digest, name)
        for (const name of ['正本.pdf', '正本.ofd', '正本.docx', '元数据.xml']) assert.ok(all.includes(name), name)
        assert.ok(readFileSync(join(dir, '元数据.xml'), 'utf8').includes(number))
        assert.match(readFileSync(join(dir, '定稿（第3稿）.txt'), 'utf8'), /12月1日前报党委办公室/)
    } finally { rmSync(dir, { recursive: true }) }
}

test('发文：逐级核稿，签发后解锁留痕，重签；号作废不再用', { timeout: 300000 }, async t => {
    const writer = await as(t, STAFF), chief = await as(t, CHIEF), leader = await as(t, 'yuest'), title = '关于印发值班工作办法的通知'
    t.expected = /400/ // what was forgotten
    await writer.goto('/manuscripts/new')
    await writer.fill('main [name=title]', title)
    await writer.click('main button.go')
    await desk(writer)
    await writer.keyboard.press('Control+End')
    await writer.keyboard.insertText(`\n各部门：\n现将值班工作办法印发给你们。\n\n${ORGAN}\n2026年11月24日`)
    await kept(writer)
    await writer.click('button:has-text("送核")')
    await writer.waitForURL(/items\/\d+\/edit/)
    const id = writer.url().match(/items\/(\d+)/)[1], item = () => data(chief, `/items/${id}`)
    await writer.click('label.check:has-text("不需会签")')
    await writer.click('button:has-text("保存并“送核稿”")') // to whom, he forgot: said, and what he chose is still there
    await here(writer)
    assert.match(await writer.textContent('.note.bad'), /核稿人/)
    assert.ok(await writer.isChecked('[name="f.cosign"][value=不需会签]'))
    await look(t, writer, 'forgot')
    await pick(writer, 'f.reviewer', '张三')
    await writer.click('button:has-text("保存并“送核稿”")')
    await here(writer)

    // two levels, then the leader
    const clerk = await as(t, SECRETARY)
    await open(clerk, title)
    assert.match(await step(clerk, '送下一级核稿', '初核，格式无误。', () => pick(clerk, 'f.reviewer', 'qzh')), /现在是“核稿”，等秋知衡/)
    await open(chief, title)
    await look(t, chief, 'second-review')
    await step(chief, '送签发', '已核。', () => pick(chief, 'f.signer', 'yst'))
    const sign = async () => {
        await open(leader, title)
        await Promise.all([leader.waitForNavigation(), leader.click('button[value="同意签发"]')])
    }
    await sign()

    // only with a reason, by the chief, and it stays to be seen
    const path = new URL((await item()).manuscript_link, t.base).pathname
    await writer.goto(path)
    await desk(writer)
    assert.match(await writer.textContent('#main'), /锁定/)
    await open(clerk, title)
    assert.equal(await clerk.locator('.moves a', { hasText: '复核退回' }).count(), 0)
    await open(chief, title)
    assert.match(await step(chief, '复核退回，重新签发', '附件漏了。'), /现在是“拟稿”，等桐半亩/)
    await open(writer, title)
    await look(t, writer, 'unlocked')
    assert.match(await writer.textContent('#history'), /复核退回，重新签发[\s\S]*附件漏了/)
    await writer.click('a:has-text("看文稿")')
    await desk(writer)
    await write(writer, '印发给你们', '请遵照执行。')
    await writer.click('a:has-text("发文办理")')
    await here(writer)
    await step(writer, '送核稿', '已补。')
    await open(chief, title)
    await step(chief, '送签发', '已核。')
    await sign()

    // a number, given up
    await open(clerk, title)
    await step(clerk, '复核通过', '同意。')
    await open(clerk, title)
    await step(clerk, '编号', '', async form => { await form.locator('[name="f.copies"]').fill('3'); await pick(clerk, 'f.keeper', 'qzh') })
    const { number } = await item()
    await open(chief, title)
    assert.match(await step(chief, '撤销发文，号作废', '不再印发。'), /现在是“已撤销”/)
    await chief.goto('/items?box=all')
    await chief.goto('/numbers/issue')
    const row = chief.locator('tr', { hasText: number })
    assert.match(await row.textContent(), /作废[\s\S]*不再印发/)
    await look(t, chief, 'voided')
    for (const page of [writer, chief, leader, clerk]) await page.context().close()
})
