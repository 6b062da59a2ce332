import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, test } from './harness.mjs'
import { data, signIn } from './lib/office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const dir = mkdtempSync(join(tmpdir(), 'qs-format-'))
const draft = `云岭建设集团有限公司关于做好汛期安全生产工作的通知

各部门、各分公司：
进入七月以来，雨水增多，现将有关事项通知如下。
一、总体要求
坚持安全第一,把各项准备做在前面。
三、重点任务
（一）压实责任。各单位主要负责人负总责。

云岭建设集团有限公司
2026年7月13日
`

/** A reading copy of the draft: large type, which is right for reading and wrong for a document. */
function largeType() {
    const text = join(dir, '汛期通知.txt'), docx = join(dir, '汛期通知.docx')
    writeFileSync(text, draft)
    execFileSync(program, ['format', text, '--form', '诵读稿', '-o', docx])
    return docx
}

async function handIn(t) {
    await signIn(t.page)
    await t.goto('/check')
    await t.page.setInputFiles('#file', largeType())
    await t.page.waitForURL(/\/check\/\d+$/)
    await t.page.click('text=版式检查')
    await t.page.waitForURL(/\/format$/)
}

test('交来的docx查版式，改好的文件取回后文字不变、版式无误', async t => {
    await handIn(t)
    const d = await data(t.page, new URL(t.page.url()).pathname)
    const of = name => d.rows.find(r => r.name === name)
    assert.equal(of('正文字号').found, '一号')
    assert.equal(of('正文字号').left, false)
    assert.equal(of('层次序数连续').left, true)
    assert.equal(of('半角标点').left, true)
    assert.equal(d.mended + d.left, d.rows.length)
    await t.shot('check-format')
    const [file] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=改好的文件')])
    assert.equal(file.suggestedFilename(), '汛期通知（版式改好）.docx')
    const mended = join(dir, '改好.docx')
    await file.saveAs(mended)
    assert.match(execFileSync(program, ['diff', join(dir, '汛期通知.docx'), mended], { encoding: 'utf8' }), /完全相同/)
    let left
    try {
        left = execFileSync(program, ['check', '--format', mended, '--json'], { encoding: 'utf8' })
    } catch (e) {
        left = e.stdout
    }
    assert.deepEqual(JSON.parse(left).findings.map(f => f.rule).sort(), ['half-width', 'heading-order'])
})

test('粘贴的文字没有版式可查', async t => {
    await signIn(t.page)
    await t.goto('/check')
    await t.page.fill('textarea[name=text]', draft)
    await t.page.click('button.go')
    await t.page.waitForURL(/\/check\/\d+$/)
    assert.equal(await t.page.locator('text=版式检查').count(), 0)
})

test('手机上版式检查不左右滚动', { phone: true }, async t => {
    await handIn(t)
    const wide = await t.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 391, `${wide}`)
    await t.shot('check-format-phone')
})
