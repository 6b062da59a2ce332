import { execFileSync } from 'node:child_process'
import { assert, test } from './harness.mjs'
import { AUDITOR, CHIEF, SECRETARY, data, overflow, signIn } from './lib/office.mjs'

const LIAISON = 'qiaofj' // 工程管理部联络员

// The sheets of a workbook: lists of rows, each a list of texts. Days stay the numbers that they are in the file.
const READ = `
import json, re, sys, zipfile
from xml.etree import ElementTree as T
n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(sys.argv[1])
shared = []
if 'xl/sharedStrings.xml' in z.namelist():
    shared = [''.join(t.text or '' for t in s.iter(n + 't')) for s in T.fromstring(z.read('xl/sharedStrings.xml'))]
names = [s.get('name') for s in T.fromstring(z.read('xl/workbook.xml')).iter(n + 'sheet')]
out = {}
for i, name in enumerate(names):
    root = T.fromstring(z.read('xl/worksheets/sheet%d.xml' % (i + 1)))
    rows = []
    for r in root.iter(n + 'row'):
        row = []
        for c in r.iter(n + 'c'):
            at = 0
            for ch in re.match('[A-Z]+', c.get('r')).group(): at = at * 26 + ord(ch) - 64
            v = c.find(n + 'v')
            text = ''.join(t.text or '' for t in c.iter(n + 't')) or (v.text if v is not None else '')
            if c.get('t') == 's': text = shared[int(text)]
            row += [''] * (at - 1 - len(row)) + [text]
        rows.append(row)
    out[name] = {'rows': rows, 'frozen': root.find('.//' + n + 'pane') is not None, 'filter': root.find(n + 'autoFilter') is not None}
json.dump(out, sys.stdout)`
const workbook = path => JSON.parse(execFileSync('python3', ['-c', READ, path]))

async function download(page, click) {
    const [file] = await Promise.all([page.waitForEvent('download'), click()])
    return { name: file.suggestedFilename(), path: await file.path() }
}

const serial = day => Math.round(Date.parse(day + 'T00:00:00Z') / 864e5) + 25569

test('台账：联络员选自己的栏目，导出看得到的、全文的 Excel（W21）', async t => {
    await signIn(t.page, LIAISON)
    await t.goto('/ledgers/supervision')
    const all = await data(t.page, '/ledgers/supervision')
    assert.ok(all.total > 0)
    assert.equal(await t.page.locator('table.ledger tbody tr').count(), all.total)
    // columns: without 分类, with 完成标准, moved to the top
    await t.page.click('.ledgerpick summary')
    await t.page.uncheck('.colpick input[value=category]')
    await t.page.check('.colpick input[value=standard]')
    const row = t.page.locator('.colpick li', { has: t.page.locator('input[value=standard]') })
    const places = await t.page.locator('.colpick li').count()
    for (let i = 0; i < places; i++) await row.locator('.up').click()
    await t.shot('ledger-columns')
    await t.page.click('button:text("存为我的栏目")')
    await t.page.waitForSelector('.note.ok')
    await t.goto('/ledgers/supervision')
    const mine = await data(t.page, '/ledgers/supervision')
    assert.equal(mine.heads[0].id, 'standard')
    assert.ok(!mine.heads.some(h => h.id === 'category'))
    // what is exported is the page: rows, columns, full text, real days
    const { name, path } = await download(t.page, () => t.page.click('a:text("导出 Excel")'))
    assert.match(name, /^督办台账\d{8}\.xlsx$/)
    const book = workbook(path)
    const sheet = book['督办事项台账']
    assert.ok(sheet.frozen && sheet.filter)
    assert.deepEqual(sheet.rows[0], ['事项标识', ...mine.heads.map(h => h.name)])
    assert.equal(sheet.rows.length - 1, mine.total)
    const due = mine.heads.findIndex(h => h.id === 'due')
    for (const [i, r] of mine.rows.entries()) {
        const line = sheet.rows[i + 1]
        assert.equal(line[0], r.id)
        for (const [k, c] of r.cells.entries()) {
            if (k === due && c.text) assert.equal(Number(line[k + 1]), serial(c.text))
            else if (c.style === 'title' || c.style === 'long') assert.equal(line[k + 1] ?? '', c.text)
        }
    }
    const about = Object.fromEntries(book['说明'].rows.slice(1))
    assert.equal(about['导出人'], '乔飞架')
    assert.equal(about['件数'], String(mine.total))
    // the chief sees more, and only his is in his
    await t.context.clearCookies()
    await signIn(t.page, CHIEF)
    const chief = await data(t.page, '/ledgers/supervision')
    assert.ok(chief.total > mine.total)
    const read = (await data(t.page, '/items?box=all&kind=supervision')).rows.find(r => r.number)
    await t.goto(`/items/${read.id}`)
    // who audits finds that it was taken out; of a matter that he may not see, kind and number and no title
    await t.context.clearCookies()
    await signIn(t.page, AUDITOR)
    await t.goto('/audit/reads')
    const taken = (await data(t.page, '/audit/reads')).rows
    assert.ok(taken.some(r => r.who === '乔飞架' && r.what.includes(`督办事项台账，${mine.total}件`)), JSON.stringify(taken))
    assert.ok(taken.some(r => r.what.includes(`督办事项 ${read.number}`)), JSON.stringify(taken))
    assert.ok(!JSON.stringify(taken).includes(read.title))
    await t.shot('reads')
})

test('台账：筛选、排序、存为视图、翻到事项再回来', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/ledgers/supervision')
    await t.page.click('.ledgerask summary')
    await t.page.selectOption('select[name=open]', '1')
    await t.page.fill('input[name="f.due.to"]', '2027-12-31')
    await t.page.click('.ledgerask button.go')
    await t.page.waitForLoadState()
    await t.page.click('th a:text("完成期限")')
    await t.page.waitForLoadState()
    assert.equal(await t.page.getAttribute('th[aria-sort]', 'aria-sort'), 'ascending')
    const here = new URL(t.page.url())
    const page = await data(t.page, here.pathname + here.search)
    const at = page.heads.findIndex(h => h.id === 'due')
    const days = page.rows.map(r => r.cells[at].text)
    assert.deepEqual(days, [...days].sort())
    assert.ok(days.length > 1)
    await t.shot('ledger-filtered')
    await t.page.click('.ledgerpick summary')
    await t.page.fill('.viewname', '未办结按期限')
    await t.page.click('button:text("存为视图")')
    await t.page.waitForSelector('.note.ok')
    await t.goto('/ledgers/supervision')
    await t.page.click('nav.boxes a:text("未办结按期限")')
    await t.page.waitForLoadState()
    const again = await data(t.page, new URL(t.page.url()).pathname + new URL(t.page.url()).search)
    assert.deepEqual(again.rows.map(r => r.id), page.rows.map(r => r.id))
    assert.match(again.said, /未办结/)
    // a row leads to the item and back here
    const link = new URL(await t.page.locator('td.title a').first().getAttribute('href'), t.base)
    assert.match(link.pathname, /^\/items\/\d+$/)
    assert.match(link.searchParams.get('back'), /^\/ledgers\/supervision\?/)
    // what does not hold is said, and nothing is shown
    t.expectProblem(/400/)
    assert.equal((await t.page.goto('/ledgers/supervision?f.lead=没有这个单位')).status(), 400)
    assert.match(await t.page.textContent('main'), /没有“没有这个单位”/)
    assert.equal((await t.page.goto('/ledgers/supervision?staat=1')).status(), 400)
    t.expectProblem(/404/)
    assert.equal((await t.page.goto('/ledgers/nothing')).status(), 404)
    // nothing found is said
    await t.goto('/ledgers/supervision?q=没有这样的事项')
    assert.match(await t.page.textContent('.empty'), /没有符合条件的事项/)
    await t.page.click('.empty a')
    await t.page.waitForLoadState()
    assert.equal((await data(t.page, '/ledgers/supervision')).total, 8)
})

test('台账：打印页横排，表头每页都有；手机上看', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/ledgers/supervision/print')
    const head = await t.page.$eval('table.ledger thead', h => getComputedStyle(h).display)
    assert.equal(head, 'table-header-group')
    const pdf = await t.page.pdf({ preferCSSPageSize: true })
    const box = /MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString('latin1'))
    assert.ok(Number(box[1]) > Number(box[2]), 'landscape')
    await t.page.emulateMedia({ media: 'print' })
    await t.shot('ledger-print')
    await t.page.emulateMedia({ media: null })
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/ledgers/supervision')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('ledger-phone')
})

// The number that stands in a cell leads to a ledger with as many items.
async function follows(t, link, number) {
    const page = await data(t.page, link)
    assert.equal(page.total, number, link)
    assert.ok(page.figure)
}

test('统计：用时和办结情况，每个数字有口径、点得进去、再算一遍一样（W22）', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/figures/supervision')
    const f = await data(t.page, '/figures/supervision')
    const tile = name => f.tiles.find(x => x.name === name)
    // the monthly report: 新增 办结 进行中 超时, and the rates with their parts
    assert.equal(Number(tile('新增').value), 8)
    assert.equal(Number(tile('办结').value) + Number(tile('进行中').value), 8)
    assert.equal(tile('超时').tone, Number(tile('超时').value) ? 'red' : '')
    for (const x of f.tiles.filter(x => x.link)) await follows(t, x.link, Number(x.value))
    for (const u of f.units) {
        await follows(t, u.received_link, u.received)
        await follows(t, u.closed_link, u.closed)
        await follows(t, u.open_link, u.open)
        await follows(t, u.overdue_link, u.overdue)
    }
    for (const table of f.tables) for (const r of table.rows) {
        await follows(t, r.link, r.items)
        assert.ok(r.unfinished <= r.stays && r.median_ms <= r.p90_ms)
    }
    assert.deepEqual(f.tables.map(x => x.id), ['whole', 'urgency', 'states', 'units'])
    assert.match(f.tables[0].card.unfinished, /统计时间减去开始时间/)
    // the card opens beside the number
    const one = t.page.locator('.figtile', { hasText: '超时' }).first()
    await one.locator('summary').click()
    assert.match(await one.locator('dl').textContent(), /原定期限/)
    await t.shot('figures')
    await one.locator('a').click()
    await t.page.waitForLoadState()
    assert.match(await t.page.textContent('.note.calm'), /件数与该数字相等/)
    assert.equal(await t.page.locator('table.ledger tbody tr').count(), Number(tile('超时').value))
    // a period and a day in the past: the same whenever it is asked
    const day = n => new Date(Date.now() + 8 * 36e5 + n * 864e5).toISOString().slice(0, 10)
    const past = `/figures/supervision?from=${day(-60)}&to=${day(0)}&as_of=${day(-5)}`
    const first = await data(t.page, past)
    await t.goto(past)
    assert.deepEqual(await data(t.page, past), first)
    assert.ok(first.tables[0].rows[0].items < 8)
    for (const x of first.tiles.filter(x => x.link)) await follows(t, x.link, Number(x.value))
    // whoever sees less counts less, and the two agree for him as well
    await t.context.clearCookies()
    await signIn(t.page, LIAISON)
    const mine = await data(t.page, '/figures/supervision')
    assert.ok(Number(mine.tiles[0].value) < 8)
    for (const x of mine.tiles.filter(x => x.link)) await follows(t, x.link, Number(x.value))
    t.expectProblem(/400/)
    assert.equal((await t.page.goto('/figures/supervision?from=2026-02-30')).status(), 400)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto('/figures/supervision')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('figures-phone')
})

// A workbook of one sheet, as a person would have filled it in.
const WRITE = `
import sys, json, zipfile
rows = json.loads(sys.argv[2])
esc = lambda s: s.replace('&', '&amp;').replace('<', '&lt;')
def ref(i, k):
    return chr(65 + k) + str(i + 1)
body = ''.join('<row r="%d">%s</row>' % (i + 1, ''.join('<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (ref(i, k), esc(v)) for k, v in enumerate(r) if v)) for i, r in enumerate(rows))
ct = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/></Types>' % (ct, ct))
    z.writestr('_rels/.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    z.writestr('xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="督办事项" sheetId="1" r:id="a"/></sheets></workbook>')
    z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    z.writestr('xl/worksheets/sheet1.xml', '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + body + '</sheetData></worksheet>')`

test('台账：下载模板，填好导入，错的格一一指出，看清楚再办', async t => {
    await signIn(t.page, CHIEF)
    await t.goto('/ledgers/supervision')
    const before = (await data(t.page, '/ledgers/supervision')).total
    await t.page.click('a:text("导入")')
    await t.shot('ledger-import')
    const { path, name } = await download(t.page, () => t.page.click('a:text("空白模板")'))
    assert.equal(name, '督办事项导入模板.xlsx')
    const head = workbook(path)['督办事项'].rows[0]
    assert.deepEqual(head.slice(0, 2), ['事项标识', '版本'])
    const at = name => head.indexOf(name)
    const line = cells => { const r = head.map(() => ''); for (const [k, v] of Object.entries(cells)) r[at(k)] = v; return r }
    const rows = [head,
        line({ 工作要求: '由表格导入的督办事项', 分类: '重点工作', 牵头单位: '工程部', 协办单位: '财务部、路桥公司', 完成期限: '2027-01-31' }),
        line({ 工作要求: '期限写错的一行', 分类: '重点工作', 牵头单位: '工程部', 完成期限: '13月1日' }),
        line({ 工作要求: '单位写错的一行', 分类: '重点工作', 牵头单位: '没有这个部', 完成期限: '2027-01-31' }),
        line({ 分类: '重点工作', 牵头单位: '工程部', 完成期限: '2027-01-31' })]
    const file = `${path}.filled.xlsx`
    execFileSync('python3', ['-c', WRITE, file, JSON.stringify(rows)])
    await t.page.setInputFiles('input[type=file]', { name: '督办.xlsx', mimeType: 'application/octet-stream', buffer: (await import('node:fs')).readFileSync(file) })
    await t.page.click('button:text("预览")')
    await t.page.waitForSelector('.plansum')
    const text = await t.page.textContent('main')
    const letter = k => String.fromCharCode(65 + at(k))
    assert.match(text, new RegExp(`${letter('完成期限')}3`))
    assert.match(text, new RegExp(`${letter('牵头单位')}4`))
    assert.match(text, /没有“没有这个部”/)
    assert.match(text, /“工作要求”没有填写/)
    await t.shot('ledger-import-preview')
    // nothing is done before it is confirmed
    assert.equal((await data(t.page, '/ledgers/supervision')).total, before)
    await t.page.click('button:text("确认，办 1 件")')
    await t.page.waitForSelector('text=办成 1 件')
    const after = await data(t.page, '/ledgers/supervision?q=由表格导入')
    assert.equal(after.total, 1)
    assert.equal((await data(t.page, '/ledgers/supervision')).total, before + 1)
    await t.shot('ledger-import-done')
    t.expectProblem(/400/)
    await t.goto('/ledgers/supervision/import')
    await t.page.setInputFiles('input[type=file]', { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('不是表格') })
    await t.page.click('button:text("预览")')
    assert.match(await t.page.textContent('.note.bad'), /不是 Excel 表格/)
})

test('编号：预留、作废都有登记和理由', async t => {
    await signIn(t.page, SECRETARY)
    await t.goto('/numbers/supervision')
    const before = await data(t.page, '/numbers/supervision')
    assert.ok(before.rows.some(r => r.state === '已用' && r.link && /^督〔/.test(r.number)))
    await t.page.fill('form.numform input[name=n]', '2')
    await t.page.fill('form.numform input[name=why]', '留给党委会决定事项')
    await t.page.click('button:text("预留")')
    await t.page.waitForSelector('.note.ok')
    const held = (await data(t.page, '/numbers/supervision')).rows.filter(r => r.state === '预留')
    assert.equal(held.length, 2)
    const row = t.page.locator('tbody tr', { hasText: '留给党委会决定事项' }).first()
    await row.locator('input[name=why]').fill('会议没有开')
    await row.locator('button').click()
    await t.page.waitForSelector('.note.ok')
    const after = (await data(t.page, '/numbers/supervision')).rows
    assert.equal(after.find(r => r.serial === held[0].serial).state, '作废')
    assert.match(after.find(r => r.serial === held[0].serial).why, /会议没有开/)
    await t.shot('numbers')
    await t.context.clearCookies()
    await signIn(t.page, LIAISON)
    await t.goto('/numbers/supervision')
    assert.equal(await t.page.$('button:text("预留")'), null)
})

test('编号：写法照人的读法写，举一个例子', async t => {
    await signIn(t.page, CHIEF)
    const year = new Date().getFullYear()
    for (const [kind, words] of [['supervision', /督〔年份〕序号，如 督〔\d{4}〕1号/], ['issue', /机关代字〔年份〕序号，如 [^{}]+〔\d{4}〕1号/]]) {
        await t.goto('/numbers/' + kind)
        assert.match(await t.page.textContent('.head .sum'), words)
        await t.goto('/kinds/' + kind)
        assert.match(await t.page.textContent('dl.kv'), words)
    }
    assert.match((await data(t.page, '/numbers/supervision')).example, new RegExp(`〔(${year}|${year + 1})〕`))
})
