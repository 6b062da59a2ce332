import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, test } from './harness.mjs'
import { data, signIn } from './lib/office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const dir = mkdtempSync(join(tmpdir(), 'qs-word-'))
const draft = `关于做好汛期安全生产工作的通知

各部门、各分公司：
进入七月以来，雨水增多，现将有关事项通知如下。
一、总体要求
坚持安全第一,把各项准备做在前面。
云岭建设集团有限公司
2026年7月13日
`

/** A docx with comments and tracked suggestions: what the check gives back. */
function commented() {
    const text = join(dir, '汛期通知.txt'), docx = join(dir, '汛期通知.docx')
    writeFileSync(text, draft)
    try {
        execFileSync(program, ['check', text, '--plain', '--docx', docx], { stdio: 'ignore' })
    } catch { /* it has findings */ }
    return docx
}

async function read(t) {
    await signIn(t.page)
    await t.goto('/manuscripts/new')
    await t.page.click('text=从 Word 稿带入')
    await t.page.setInputFiles('input[type=file]', commented())
    await t.page.click('text=读一遍')
    await t.page.waitForSelector('textarea[readonly]')
}

test('Word稿先看认出了什么，再带入成文稿', async t => {
    await read(t)
    const side = await t.page.textContent('main')
    assert.match(side, /标题：关于做好汛期安全生产工作的通知/)
    assert.match(side, /主送：各部门、各分公司/)
    assert.match(side, /修订 \d+ 处/)
    assert.match(side, /批注 \d+ 条/)
    assert.match(await t.page.inputValue('textarea[readonly]'), /安全第一，把各项准备/)
    assert.equal(await t.page.inputValue('[name=title]'), '关于做好汛期安全生产工作的通知')
    await t.shot('word')
    await t.page.click('text=带入成文稿')
    await t.page.waitForURL(/\/manuscripts\/\d+$/)
    const path = new URL(t.page.url()).pathname
    assert.match(await t.page.textContent('main'), /文字已带入，连同\d+条批注、\d+处修改建议/)
    assert.match((await data(t.page, path)).text, /安全第一,把各项准备/, 'the text as it was before the changes')
    await t.shot('word-taken')
    await t.goto(path + '/notes')
    await t.page.waitForSelector('.mnote')
    const rows = (await data(t.page, path + '/notes')).rows
    assert.ok(rows.some(r => r.sort === 'comment') && rows.some(r => r.sort === 'suggestion'))
    assert.ok(rows.every(r => /（Word稿）/.test(r.by)), rows[0].by)
    await t.shot('word-notes')
    // one accepted at its place, the others follow
    const one = rows.find(r => r.sort === 'suggestion' && r.put.includes('，'))
    await t.page.evaluate(async ([p, id]) => {
        const body = new FormData(document.querySelector('form[method=post]'))
        body.set('act', 'accept')
        body.set('note', id)
        await fetch(p + '/notes', { method: 'POST', body: new URLSearchParams([...body]) })
    }, [path, one.id])
    assert.match((await data(t.page, path)).text, /安全第一，/)
    const docx = await t.page.evaluate(async p => { const r = await fetch(p + '/docx'); return [r.status, new TextDecoder('latin1').decode(await r.arrayBuffer()).slice(0, 2)] }, path)
    assert.deepEqual(docx, [200, 'PK'])
})

test('修订也可以按修订后的文字带入', async t => {
    await read(t)
    await t.page.selectOption('main [name=changes]', 'accepted')
    await t.page.click('text=带入成文稿')
    await t.page.waitForURL(/\/manuscripts\/\d+$/)
    assert.match((await data(t.page, new URL(t.page.url()).pathname)).text, /安全第一，把各项准备/)
})

test('不是docx的文件说明原因', async t => {
    await signIn(t.page)
    t.expectProblem(/400/)
    await t.goto('/manuscripts/word')
    const path = join(dir, '说明.txt')
    writeFileSync(path, draft)
    await t.page.setInputFiles('input[type=file]', path)
    await t.page.click('text=读一遍')
    await t.page.waitForSelector('.note.bad')
    assert.match(await t.page.textContent('.note.bad'), /不是 docx/)
})

test('手机上带入Word稿不左右滚动', { phone: true }, async t => {
    await read(t)
    const wide = await t.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 391, `${wide}`)
    await t.shot('word-phone')
})
