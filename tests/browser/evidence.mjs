import { writeFileSync, mkdtempSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, items, overflow, signIn } from './lib/office.mjs'

/** A file that was taken out, and its text by pdftotext. */
async function taken(page, path) {
    const answer = await page.request.get(path)
    assert.equal(answer.status(), 200)
    return answer.body()
}
function text(pdf, ...pages) {
    const dir = mkdtempSync(join(tmpdir(), 'qs-evidence-')), file = join(dir, 'a.pdf')
    writeFileSync(file, pdf)
    return execFileSync('pdftotext', ['-layout', ...pages.flatMap((p, i) => [i ? '-l' : '-f', String(p)]), file, '-'], { encoding: 'utf8' })
}

// M27: an inspection is announced; what is missing is found before the inspector finds it
test('检查取证：先列缺项，再做成带页码的包', async t => {
    const [id] = items({ verb: 'open', as: 'wangwu', ref: 'a', kind: 'supervision', at: '-40d 09:00', fields: { demand: '桥梁伸缩缝更换',
        category: '会议决定', lead: 'G-GC', due: '-10d' } },
    { verb: 'move', as: 'wangwu', item: '$a', move: 'direct', at: '-40d 09:10' },
    { verb: 'move', as: 'qiuzh', item: '$a', move: 'assign', opinion: '请抓紧办理。', at: '-40d 09:30' })
    await signIn(t.page, CHIEF)
    await t.goto('/evidence')
    await t.page.selectOption('[name=clause]', 'decision')
    await t.page.check('[name=zip]')
    await t.page.click('button:text("查缺项")')
    await t.page.waitForSelector('button:text("制作取证包")', { timeout: 30000 }) // the page looks by itself
    const row = t.page.locator('.evgaps tr', { hasText: '桥梁伸缩缝更换' })
    assert.match((await row.allTextContents()).join(), /没有纪要/)
    assert.match((await row.allTextContents()).join(), /逾期，没有延期手续/)
    await t.shot('evidence-gaps')
    const path = new URL(t.page.url()).pathname
    const before = await data(t.page, path)
    assert.ok(before.groups.some(g => g.name === '无会议纪要'))
    await t.page.click('button:text("制作取证包")')
    await t.page.waitForSelector('.evparts', { timeout: 60000 })
    await t.shot('evidence-done')
    const done = await data(t.page, path), pdf = await taken(t.page, path + '/pdf')
    const all = text(pdf)
    assert.ok(all.includes('桥梁伸缩缝更换') && all.includes('督办立项单'))
    assert.ok(!all.includes('没有纪要'), 'the gaps stay private')
    assert.match(all, new RegExp(`第 ${done.pack.pages} 页 共 ${done.pack.pages} 页`))
    // the directory says where it stands
    const line = all.split('\n').find(l => /桥梁伸缩缝更换.*\d+$/.test(l.trim())), at = Number(/(\d+)\s*$/.exec(line)[1])
    assert.ok(text(pdf, at, at).includes('桥梁伸缩缝更换'))
    assert.equal((await taken(t.page, path + '/book')).subarray(0, 2).toString(), 'PK')
    assert.match(done.parts[0].digest, /^[0-9a-f]{64}$/)
    // another secretary sees neither gaps nor pack
    await t.page.context().clearCookies()
    await signIn(t.page, SECRETARY)
    assert.equal((await t.page.request.get(path)).status(), 404)
    assert.equal((await t.page.request.get(path + '/pdf')).status(), 404)
    assert.ok(id)
})

test('检查取证：一件事从一事一线进去，手机宽度', { phone: true }, async t => {
    const [id] = items({ verb: 'open', as: 'wangwu', ref: 'a', kind: 'supervision', fields: { demand: '雨季排水检查',
        category: '领导批示', lead: 'G-GC', due: '+10d' } })
    await signIn(t.page, 'wangwu')
    await t.goto(`/items/${id}/thread`)
    await t.page.click('a:text("检查取证"):visible >> nth=0')
    await t.goto(`/evidence?item=${id}`)
    assert.ok(await overflow(t.page) <= 0)
    await t.page.click('button:text("查缺项")')
    await t.page.waitForSelector('button:text("制作取证包")', { timeout: 30000 })
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('evidence-phone')
})

// an error becomes something the checker knows, when the chief says so
test('差错登记：看在哪一步发现，写法一键提请加入规范表述', async t => {
    items({ verb: 'open', as: 'zhangsan', ref: 'a', kind: 'mistake', fields: { what: '会议通知把“莅临”写成“蒞临”', class: '错别字', place: '印发后',
        wrong: '蒞临指导', right: '莅临指导' } },
    { verb: 'open', as: 'zhangsan', ref: 'b', kind: 'mistake', fields: { what: '附件少发一页', class: '发送范围', place: '外部指出' } },
    { verb: 'open', as: 'zhangsan', ref: 'c', kind: 'mistake', fields: { what: '句号连用没有查出', class: '标点', place: '核稿', rule: 'P14' } })
    await signIn(t.page, CHIEF)
    await t.goto('/mistakes')
    assert.match(await t.page.textContent('.mistakes'), /错别字[^]*1/)
    await t.shot('mistakes')
    await t.page.click('button:text("提请加入规范表述")')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('table.stack'), /规范表述：待定/)
    assert.equal(await t.page.locator('button:text("提请加入规范表述")').count(), 0)
    // the rule that let it pass, with its name; raised when the chief says so, and the page of rules keeps who said it
    await t.page.click('summary:text("提请调整规则")')
    await t.page.selectOption('details[open] select[name=level]', 'hint')
    await t.shot('mistakes-rule')
    await t.page.click('details[open] button:text("提请科长确认")')
    await t.page.waitForSelector('.note.ok')
    await t.goto('/rules')
    assert.match(await t.page.textContent('#proposals'), /P14[^]*提示[^]*句号连用没有查出/)
    await t.shot('rules-proposals')
    await t.page.click('#proposals button:text("确认")')
    await t.page.waitForSelector('.note.ok')
    assert.match(await t.page.textContent('#proposals'), /已采纳/)
    assert.match(await t.page.textContent('#P14'), /提示/)
    const { classes } = await data(t.page, '/mistakes')
    assert.ok(!JSON.stringify(classes).includes('zhangsan'))
})
