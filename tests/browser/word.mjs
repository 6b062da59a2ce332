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
    await t.page.waitForSelector('textarea[name=text]')
}

test('Word稿先看认出了什么，再带入成文稿', async t => {
    await read(t)
    const side = await t.page.textContent('main')
    assert.match(side, /标题：关于做好汛期安全生产工作的通知/)
    assert.match(side, /主送：各部门、各分公司/)
    assert.match(side, /修订的痕迹：\d+ 处/)
    assert.match(side, /批注 \d+ 条/)
    assert.match(await t.page.inputValue('textarea[name=text]'), /安全第一，把各项准备/)
    assert.equal(await t.page.inputValue('[name=title]'), '关于做好汛期安全生产工作的通知')
    await t.shot('word')
    await t.page.click('text=带入成文稿')
    await t.page.waitForURL(/\/manuscripts\/\d+$/)
    assert.match(JSON.stringify(await data(t.page, new URL(t.page.url()).pathname)), /安全第一，把各项准备/)
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
