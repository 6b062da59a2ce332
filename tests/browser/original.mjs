// Paper originals: slips that a phone reads, hand-overs with one thumb, who has it now.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, overflow, signIn } from './lib/office.mjs'
import { Keys, save } from './lib/register.mjs'

const LEADER = 'jiangyx'

/** What zbarimg reads in the picture of an element. */
async function decode(locator) {
    assert.ok(existsSync('/usr/bin/zbarimg'), '没有 zbarimg，请先运行 tools/install.sh test')
    const dir = mkdtempSync(join(tmpdir(), 'qs-qr-'))
    try {
        await locator.screenshot({ path: join(dir, 'slip.png') })
        return execFileSync('/usr/bin/zbarimg', ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', join(dir, 'slip.png')], { encoding: 'utf8' }).trim()
    } finally { rmSync(dir, { recursive: true }) }
}

/** A paper with so many copies, registered; its id. */
async function registered(page, title, copies = 1) {
    await page.goto('/register')
    await page.fill('[name=copies]', String(copies))
    await page.fill('[name=subject]', title)
    await page.fill('[name=sender]', '云岭省国资委')
    await save(page, new Keys(page))
    return (await data(page, '/register')).rows[0].id
}

async function phone(t) {
    const context = await t.context.browser().newContext({ baseURL: t.base, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'zh-CN' })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    page.on('pageerror', e => t.problems.push(`script of the phone: ${e.message}`))
    return page
}

test('原件：印条、扫码、登录后回来，一按我收下，十分钟内撤销', async t => {
    await signIn(t.page, SECRETARY)
    const id = await registered(t.page, '关于开展国有资产清查工作的通知', 2)
    const link = await t.page.locator('[data-registered] a:text("印条")').boundingBox()
    assert.ok(link.x + link.width <= 1366, '印条在屏幕里')
    await t.page.click('[data-registered] a:text("印条")')
    await t.page.waitForURL(/slips/)
    const slips = t.page.locator('.oslip')
    assert.equal(await slips.count(), 2)
    await t.shot('original-slips')
    // both slips, read from the picture by another program
    const codes = []
    for (let i = 0; i < 2; i++) {
        const read = await decode(slips.nth(i))
        codes.push(await slips.nth(i).getAttribute('data-code'))
        assert.equal(read, `${new URL(t.base).origin}/o/${codes[i]}`)
    }
    assert.notEqual(codes[0], codes[1])
    await t.page.click('a:text("标签纸")')
    assert.match(await decode(t.page.locator('.oslip').first()), new RegExp(codes[0]))
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('original-label')
    await t.page.emulateMedia({ media: 'screen' })
    // a phone that nobody is signed in on
    const page = await phone(t)
    await page.goto(`/o/${codes[0]}`)
    assert.match(page.url(), /\/login/)
    await page.fill('[name=login]', LEADER)
    await page.fill('[name=password]', 'Qianshao2026')
    await page.click('button.go')
    await page.waitForURL(/\/o\//)
    assert.match(await page.textContent('.orignow'), /张三/)
    assert.ok(await overflow(page) <= 0)
    await page.screenshot({ path: `${t.shots}/original-phone.png` }).catch(() => {})
    const box = await page.locator('button:text("我收下")').boundingBox()
    assert.ok(box.height >= 44 && box.y + box.height < 844, 'one thumb reaches it')
    await page.tap('button:text("我收下")')
    await page.waitForSelector('.note.ok')
    assert.match(await page.textContent('.orignow'), /在您手里/)
    await page.screenshot({ path: `${t.shots}/original-phone-mine.png` }).catch(() => {})
    const told = await data(t.page, '/notices')
    assert.ok(told.rows.some(r => /收下了您手里的原件第1份/.test(r.text)))
    await page.tap('button:text("撤销")')
    await page.waitForFunction(() => /张三/.test(document.querySelector('.orignow').textContent))
    assert.match(await page.textContent('.side-list'), /已撤销/)
    // the other copy did not move
    const { originals } = await data(t.page, `/items/${id}`)
    assert.deepEqual(originals.map(o => o.holder), ['张三', '张三'])
    await page.context().close()
})

test('原件：按传阅次序交接，桌上扫码枪连续收下，一查就知道在谁手里', async t => {
    await signIn(t.page, SECRETARY)
    const id = await registered(t.page, '关于印发纸质文件传阅办法的通知')
    const { originals: [{ code, link }] } = await data(t.page, `/items/${id}`)
    await t.goto(link)
    if (!await t.page.locator('details[open]').count()) await t.page.click('summary:has-text("交给别人")')
    const box = t.page.locator('[data-name="f.@person"]')
    await box.locator('input.in').fill('jyx')
    await box.locator('.sug a', { hasText: '江映溪' }).first().click()
    await box.locator('.pickd').waitFor()
    await t.shot('original-give')
    await t.page.click('button:text("记下")')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.orignow'), /江映溪/)
    // a page that stood open: what happened meanwhile is said, nothing is overwritten
    const old = await t.context.newPage()
    await old.goto(link)
    await t.goto('/originals?q=' + encodeURIComponent('传阅办法'))
    assert.match(await t.page.textContent('.origlist tbody'), /江映溪/)
    await t.shot('originals')
    // the wedge scanner types the whole address and Enter; the mode stays
    await t.goto('/originals')
    await t.page.check('[name=mode][value=take]')
    await t.page.focus('[name=code]')
    await t.page.keyboard.type(`${t.base}/o/${code}`)
    await t.page.keyboard.press('Enter')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('.note.ok'), /在张三手里/)
    assert.ok(await t.page.isChecked('[name=mode][value=take]'))
    await t.page.waitForFunction(() => document.activeElement.name === 'code')
    t.expectProblem(/409|400|404/)
    await old.click('summary:has-text("找不到了")')
    await old.click('button:text("下落不明")')
    await old.waitForSelector('.note.bad')
    assert.match(await old.textContent('.note.bad'), /刚才已记为在“张三”/)
    await t.page.keyboard.type('不是编码')
    await t.page.keyboard.press('Enter')
    await t.page.waitForSelector('.note.bad')
    assert.match(await t.page.textContent('.note.bad'), /没有认出编码/)
    await t.page.check('[name=mode][value=give]')
    await t.page.fill('[name=to]', '江映溪')
    await t.page.fill('[name=code]', code.toLowerCase())
    await t.page.click('.origscan button.go')
    await t.page.waitForSelector('.note.ok')
    // what the leader holds, and the list to be signed
    await t.page.fill('.origfind [name=q]', '江映溪')
    await t.page.press('.origfind [name=q]', 'Enter')
    await t.page.click('.origlist a:has-text("江映溪")')
    await t.page.click('a:text("打印签收单")')
    assert.match(await t.page.textContent('.packlist'), /传阅办法/)
    await t.shot('original-receipt')
    await old.close()
})

test('原件：下落不明的按条找到，归档后不再流转；移交清单列出在手的原件', async t => {
    await signIn(t.page, CHIEF)
    const id = await registered(t.page, '关于报送下落不明原件情况的通知')
    const { originals: [{ code, link }] } = await data(t.page, `/items/${id}`)
    await t.goto('/hand-over')
    assert.match(await t.page.textContent('.pack'), /下落不明原件情况/)
    await t.shot('original-handover', { fullPage: true })
    await t.goto(link)
    await t.page.click('summary:has-text("找不到了")')
    await t.page.click('button:text("下落不明")')
    await t.page.waitForSelector('.latered')
    const { rows } = await data(t.page, '/originals?which=lost')
    const lost = rows.find(r => r.code === code)
    assert.equal(lost.holder, '秋知衡')
    assert.ok(lost.since)
    await t.goto('/originals?which=lost')
    await t.shot('original-lost')
    const page = await phone(t)
    await signIn(page, SECRETARY)
    await page.goto(link)
    await page.tap('button:text("找到了，在我这里")')
    await page.waitForSelector('.note.ok')
    assert.match(await page.textContent('.orignow'), /在您手里/)
    await page.tap('summary:has-text("找不到了")')
    await page.fill('form:has(button[value=file]) [name=note]', '入2026年第3盒')
    await page.tap('button:text("已归档")')
    await page.waitForSelector('.orignow:has-text("已归档")') // a .note.ok stands there already
    assert.equal(await page.locator('.othumb').count(), 0)
    // whoever does not see the item learns nothing of its paper
    await page.context().clearCookies()
    await signIn(page, STAFF)
    assert.equal((await page.goto(link)).status(), 404)
    assert.equal((await data(page, '/originals?which=any')).rows.length, 0)
    await page.context().close()
})

test('原件：条印在纸上，标签纸一张一条，A4纸上能扫出来', async t => {
    await signIn(t.page, SECRETARY)
    const id = await registered(t.page, '关于进一步规范和加强全省国有企业纸质文件原件交接登记和清退归档管理工作有关事项的通知', 3)
    for (const [size, pages] of [['label', 3], ['sheet', 1]]) {
        await t.goto(`/originals/slips?item=${id}&size=${size}`)
        const file = join(t.shots, `original-${size}.pdf`)
        await t.page.pdf({ path: file, preferCSSPageSize: true, printBackground: true })
        const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
        assert.equal(Number(info.match(/Pages:\s+(\d+)/)[1]), pages)
        execFileSync('pdftoppm', ['-r', '200', '-png', '-f', '1', '-l', '1', file, join(t.shots, `original-${size}`)])
        const png = [`original-${size}-1.png`, `original-${size}-01.png`].map(f => join(t.shots, f)).find(existsSync)
        const read = execFileSync('/usr/bin/zbarimg', ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', png], { encoding: 'utf8' }).trim().split('\n')
        assert.equal(read.length, size === 'label' ? 1 : 3)
    }
})
