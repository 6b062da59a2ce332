import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, test } from './harness.mjs'
import { data, signIn } from './lib/office.mjs'

const dir = mkdtempSync(join(tmpdir(), 'qs-check-'))
const draft = `关于加强2026年汛期安全生产工作的通知
集团各部门,各所属单位：
根据《关于加强省属企业安全生产工作的意见》（云岭国资发〔2025〕4号）要求，现就有关事项通知如下。
一、压实责任。省国资委明确要求：“专项施工方案未经论证不得施工，监测数据异常不能施工，应急物资不到位不得施工”。
二、精简文件。会议指出，现行文件规定仍然适用的，不再重复发文；能够通过电话、当面协商解决的事务，不发正式公文。
集团党委办公室
2026年5月6日`

async function handIn(t, text = draft) {
    await signIn(t.page)
    await t.goto('/check')
    await t.page.fill('textarea[name=text]', text)
    await t.page.click('button.go')
    await t.page.waitForURL(/\/check\/\d+$/)
}

test('粘贴文稿：引文与原文逐字对照，文号、标点各有一处', async t => {
    await handIn(t)
    const d = await data(t.page, new URL(t.page.url()).pathname)
    const of = rule => d.findings.filter(f => f.rule === rule)
    assert.equal(of('Q01')[0].suggestion, '得')
    assert.equal(of('Q01')[0].words, '能')
    assert.match(of('Q01')[0].sources[0].title, /安全生产工作的意见/)
    assert.equal(of('Q05')[0].suggestion, '云岭国资发〔2025〕3号')
    assert.equal(of('Q02')[0].suggestion, '项')
    assert.ok(of('P01').length >= 1)
    assert.ok(d.coverage.length > 0)
    assert.match(await t.page.textContent('.findings'), /不得|原文/)
    assert.equal(await t.page.locator('#doc .f').count() > 3, true)
    await t.shot('check-result')
})

test('键盘走查、采纳、忽略，刷新后还在，撤回得回来', async t => {
    await handIn(t)
    const total = await t.page.locator('.fi').count()
    await t.page.keyboard.press('j')
    assert.equal(await t.page.locator('.fi.at').count(), 1)
    const answered = () => t.page.waitForResponse(r => r.url().endsWith('/decide'))
    await Promise.all([answered(), t.page.keyboard.press('a')])
    await t.page.waitForFunction(() => document.querySelectorAll('.fi.done').length === 1)
    await Promise.all([answered(), t.page.keyboard.press('i')])
    await t.page.waitForFunction(() => document.querySelectorAll('.fi.done').length === 2)
    await t.page.reload()
    assert.equal(await t.page.locator('.fi.done').count(), 2)
    assert.equal(await t.page.textContent('[data-open]'), String(total - 2))
    await t.page.locator('.fi.done [name=verdict][value=""]').first().click()
    await t.page.waitForFunction(() => document.querySelectorAll('.fi.done').length === 1)
    await t.page.click('[data-filter="cls:punct"]')
    assert.equal(await t.page.locator('.fi:visible').count(), await t.page.locator('.fi[data-cls=punct]').count())
    const [text] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=采纳后文字')])
    assert.ok(readFileSync(await text.path(), 'utf8').startsWith('关于加强2026年汛期安全生产工作的通知'))
})

test('答得慢时连按两下，两处各采纳一次；点到别处的人不被带走', async t => {
    await handIn(t)
    let go
    const held = new Promise(done => { go = done }), asked = []
    await t.page.route('**/decide', async route => { asked.push(new URLSearchParams(route.request().postData()).get('finding') ?? route.request().url()); await held; await route.continue() })
    await t.page.keyboard.press('j')
    await t.page.keyboard.press('a')
    await t.page.keyboard.press('a')
    const last = t.page.locator('.fi').last()
    await last.locator('.fi-msg').click()
    go()
    await t.page.waitForFunction(() => document.querySelectorAll('.fi.done').length === 2)
    assert.equal(asked.length, 2)
    assert.equal(await last.evaluate(e => e.classList.contains('at')), true)
})

test('送检文件，取回带批注的docx；一页结果可打印', async t => {
    const path = join(dir, '汛期通知.txt')
    writeFileSync(path, draft)
    await signIn(t.page)
    await t.goto('/check')
    await t.page.setInputFiles('#file', path)
    await t.page.waitForURL(/\/check\/\d+$/)
    const [docx] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=批注稿')])
    assert.equal(docx.suggestedFilename(), '汛期通知（审校批注）.docx')
    const bytes = readFileSync(await docx.path())
    assert.equal(bytes.subarray(0, 2).toString(), 'PK')
    assert.ok(bytes.includes('word/comments.xml'))
    await t.page.click('text=一页结果')
    await t.page.waitForURL(/\/print$/)
    assert.match(await t.page.textContent('.quotes'), /不得施工/)
    await t.shot('check-print')
})

test('带密级标志的文稿被拒绝，文字不回显', async t => {
    await signIn(t.page)
    t.expectProblem(/400/)
    await t.goto('/check')
    await t.page.fill('textarea[name=text]', '机密★1年\n关于红隼行动的报告\n报告如下。')
    await t.page.click('button.go')
    await t.page.waitForSelector('.note.bad')
    assert.match(await t.page.textContent('.note.bad'), /涉密/)
    assert.equal(await t.page.inputValue('textarea[name=text]'), '')
})

test('不再提示的词语记在规则页，可以恢复；科长能调级别', async t => {
    await handIn(t, '测试\n请各单位,认真落实。')
    const open = t.page.locator('.fi[data-cls=punct]').first()
    await open.locator('summary').click()
    await Promise.all([t.page.waitForResponse(r => r.url().endsWith('/decide')), open.locator('[value=never]').click()])
    await t.page.reload()
    assert.equal(await t.page.locator('.fi[data-cls=punct]').count(), 0)
    assert.match(await t.page.textContent('main'), /按“不再提示”略去 1 处/)
    await t.goto('/rules')
    assert.match(await t.page.textContent('#never'), /P01/)
    await t.page.click('#never button')
    await t.page.waitForURL(/\/rules/)
    assert.doesNotMatch(await t.page.textContent('#never'), /P01/)
    await t.page.click('#P01 summary')
    await t.page.selectOption('#P01 select[name=level]', 'hint')
    await t.page.fill('#P01 input[name=note]', '试用期先作提示')
    await t.page.click('#P01 button.go')
    await t.page.waitForURL(/\/rules/)
    assert.match(await t.page.textContent('#P01'), /提示[\s\S]*试用期先作提示|试用期先作提示[\s\S]*提示/)
    await t.page.click('#P01 summary')
    await t.page.click('#P01 [name=reset]')
    await t.page.waitForURL(/\/rules/)
    assert.doesNotMatch(await t.page.textContent('#P01'), /试用期/)
})

test('手机上看得全，不左右滚动', { phone: true }, async t => {
    await handIn(t)
    const wide = await t.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 391, `${wide}`)
    await t.shot('check-phone')
})
