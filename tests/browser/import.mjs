import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, test } from './harness.mjs'
import { data, signIn } from './lib/office.mjs'

const dir = mkdtempSync(join(tmpdir(), 'qs-upload-'))
const file = (name, text) => { const p = join(dir, name); writeFileSync(p, text); return p }

test('收文：几个文件各有结果，收下的马上能查到', async t => {
    await signIn(t.page)
    await t.goto('/import')
    const good = file('关于试投文件的通知.txt', '关于试投文件的通知\n\n各部门：\n\n这是浏览器测试投进来的文件，里面有一句独一无二的话：青铜仙鹤飞过钟楼。\n\n测试办公室\n2026年7月13日\n')
    const secretDir = 'demo/refused'
    const secret = readdirSync(secretDir).map(f => join(secretDir, f))[0]
    await t.page.setInputFiles('#file', [good, file('坏.docx', Buffer.from('504b0304140000000800', 'hex')), secret])
    await t.page.waitForFunction(() => document.querySelectorAll('[data-upload-list] .tag').length === 3)
    const text = await t.page.textContent('[data-upload-list]')
    assert.match(text, /已收/)
    assert.match(text, /失败/)
    assert.match(text, /拒收/)
    await t.shot('upload')
    await t.page.setInputFiles('#file', [good])
    await t.page.waitForFunction(() => /重复/.test(document.querySelector('[data-upload-list]').textContent))
    const found = await data(t.page, '/search?q=' + encodeURIComponent('青铜仙鹤飞过钟楼'))
    assert.equal(found.pager.total, 1)
    assert.match(found.rows[0].title, /试投文件/)
    const jobs = (await data(t.page, '/import')).jobs
    assert.ok(jobs.some(j => j.refused === 1))
})

test('拖放也能收文', async t => {
    await signIn(t.page)
    await t.goto('/import')
    const text = readFileSync(file('拖进来的.txt', '拖放收文测试\n\n翡翠麒麟守着石桥。\n')).toString('base64')
    await t.page.evaluate(b64 => {
        const bytes = Uint8Array.from(atob(b64), c => c.charCodeAt(0))
        const d = new DataTransfer()
        d.items.add(new File([bytes], '拖进来的.txt', { type: 'text/plain' }))
        document.querySelector('.dropzone').dispatchEvent(new DragEvent('drop', { dataTransfer: d, bubbles: true, cancelable: true }))
    }, text)
    await t.page.waitForSelector('[data-upload-list] .tag.taken')
})

test('开着的门户和收文页自己跟上：别人收了文，件数和批次不用刷新就变', async t => {
    await signIn(t.page)
    await t.goto('/')
    const before = Number(await t.page.textContent('[data-count=documents]'))
    const other = await t.context.browser().newContext({ baseURL: t.base })
    const second = await other.newPage()
    await signIn(second, 'wangwu')
    await second.goto('/import')
    const rows = await second.locator('[data-jobs] tr[data-job]').count()
    const csrf = await second.inputValue('form[data-upload] [name=csrf]')
    const answer = await second.request.post('/import', { multipart: { csrf, level: '1', file: { name: '开着的页.txt', mimeType: 'text/plain', buffer: Buffer.from('开着的页自己跟上\n\n石榴红的信号灯。\n') } } })
    assert.equal(answer.status(), 200)
    await t.page.waitForFunction(n => Number(document.querySelector('[data-count=documents]').textContent) === n, before + 1)
    await t.page.waitForFunction(() => /开着的页/.test(document.querySelector('[data-jobs]').textContent))
    await second.waitForFunction(n => document.querySelectorAll('[data-jobs] tr[data-job]').length >= Math.min(n + 1, 20), rows)
    await other.close()
})

test('扫描件：没看首页不能登记；登记后待核，可以校对', { timeout: 90000 }, async t => {
    t.expectProblem(/400|404/)
    await signIn(t.page)
    await t.goto('/held')
    const before = (await data(t.page, '/held')).total
    assert.ok(before >= 1)
    await t.page.waitForFunction(() => { const i = document.querySelector('.scan img'); return i.complete && i.naturalWidth > 300 })
    await t.shot('held')
    await t.page.fill('[name=title]', '关于开展建筑施工领域安全生产集中检查的函')
    await t.page.fill('[name=issuer]', '云岭省应急管理厅')
    await t.page.keyboard.press('Control+Enter') // keyboard alone
    await t.page.waitForLoadState()
    assert.match(await t.page.textContent('.note.bad'), /没有密级标志/)
    assert.equal(await t.page.inputValue('[name=issuer]'), '云岭省应急管理厅')
    // pages turn while a field has the focus and keep what is typed; behind the last one it stays
    await t.page.focus('[name=title]')
    await t.page.keyboard.press('PageDown')
    await t.page.waitForFunction(() => /末页/.test(document.querySelector('.turn').textContent))
    assert.match(await t.page.getAttribute('.scan img', 'src'), /\/page\/\d+$/)
    assert.equal(await t.page.inputValue('[name=issuer]'), '云岭省应急管理厅')
    await t.page.keyboard.press('F2')
    assert.ok(await t.page.isChecked('[name=clean]'))
    await t.page.keyboard.press('Control+Enter')
    await t.page.waitForURL('**/held')
    assert.match(await t.page.textContent('.note.ok'), /已登记/)
    assert.equal((await data(t.page, '/held')).total, before - 1)
    const found = await data(t.page, '/library?q=' + encodeURIComponent('建筑施工领域安全生产集中检查'))
    assert.ok(found.rows.some(r => r.unproofed))
    await t.goto('/library/' + found.rows.find(r => r.unproofed).id)
    assert.match(await t.page.textContent('main'), /待核[\s\S]*不可作为引文的依据/)
})

test('不用脚本也能用：登录、检索、收文、改密码的页都是表单', async t => {
    const plain = await t.context.browser().newContext({ baseURL: t.base, javaScriptEnabled: false })
    const page = await plain.newPage()
    await signIn(page, 'wangwu')
    await page.fill('.find [name=q]', '督办')
    await page.press('.find [name=q]', 'Enter')
    await page.waitForURL(/\/search\?q=/)
    assert.ok(await page.locator('.hits > li').count() > 0)
    await page.locator('.hits a').first().click()
    await page.waitForURL(/\/library\/\d+/)
    await page.goto('/library')
    await page.click('#results .pager [rel=next]')
    await page.waitForURL(/page=2/)
    await page.goto('/import')
    await page.setInputFiles('#file', [file('无脚本.txt', '没有脚本的收文\n\n玄武岩上的灯。\n')])
    await page.click('[data-plain-submit]')
    await page.waitForSelector('.tag.taken')
    await page.screenshot({ path: 'build/browser/plain.png' })
    await plain.close()
})

test('找不到的页、方法不对、参数不对，都有像样的页', async t => {
    t.expectProblem(/40[045]/)
    await signIn(t.page)
    await t.goto('/no/such/page')
    assert.match(await t.page.textContent('.big'), /404/)
    await t.shot('404')
    await t.goto('/library/123456789')
    assert.match(await t.page.textContent('.big'), /404/)
    await t.goto('/logout')
    assert.match(await t.page.textContent('.big'), /405/)
    await t.goto('/compare?a=x')
    assert.match(await t.page.textContent('.big'), /400/)
})

test('门户上没有死链，留下的老地址还打得开', async t => {
    await signIn(t.page)
    await t.goto('/')
    const links = await t.page.$$eval('a[href^="/"]', list => [...new Set(list.map(a => a.getAttribute('href')))])
    for (const l of links) {
        const status = (await t.page.request.get(l)).status()
        assert.ok(status < 400, `${l} answers ${status}`)
    }
    assert.match(await t.page.getAttribute('nav a:has-text("会议学习")', 'href'), /^\/ledgers\//)
    assert.equal(await t.page.locator('nav a:has-text("民意")').count(), 0) // no kind of matter stands there yet
    for (const [old, now] of [['/supervision', '/ledgers/supervision'], ['/meetings', '/ledgers/meeting'], ['/arrival', '/arrival/me']]) {
        await t.goto(old) // addresses that people have kept
        assert.equal(new URL(t.page.url()).pathname, now)
    }
})
