import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, items, overflow, signIn } from './lib/office.mjs'

const shots = process.env.SHOTS ?? 'build/browser'

/** The page as a printer gets it: number of pages, text of each; a picture of each beside the screen shots. */
async function print(t, name, size = /59[45]\.\d+ x 84[12]\.\d+/) {
    mkdirSync(shots, { recursive: true })
    const file = `${shots}/${name}.pdf`
    writeFileSync(file, await t.page.pdf({ preferCSSPageSize: true, printBackground: false }))
    execFileSync('pdftoppm', ['-r', '60', '-png', file, `${shots}/${name}`])
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
    assert.match(info, new RegExp(`Page size:\\s+${size.source} pts \\(A4\\)`))
    const pages = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f')
    assert.equal(pages.pop(), '')
    return pages
}

const squeeze = s => s.replace(/\s+/g, '')

function supervised(demand, due = '+7d') {
    return items(
        { verb: 'open', as: 'wangwu', ref: 'a', kind: 'supervision', at: '-9d 09:00', fields: { demand, category: '领导批示',
            basis: '集团党委主要负责同志批示', standard: '隐患清零，有验收记录', lead: 'G-GC', co: ['S-LQ'], due, frequency: '每周', contact: '王五 8231',
            stages: [{ goal: '排查', by: '+4d', unit: 'G-GC' }, { goal: '整改', by: '+7d', unit: 'S-LQ' }] } },
        { verb: 'move', as: 'wangwu', item: '$a', move: 'direct', at: '-9d 09:10' },
        { verb: 'move', as: 'qiuzh', item: '$a', move: 'assign', opinion: '请抓紧办理。', at: '-9d 09:30' },
        { verb: 'answer', as: 'qiaofj', item: '$a', word: '已收', at: '-8d 10:10' })[0]
}

test('督办通知单：一个单位一份，A4，没有界面上的东西', async t => {
    await signIn(t.page, CHIEF)
    const id = supervised('青溪河特大桥安全隐患整改')
    await t.goto(`/items/${id}`)
    assert.ok(await t.page.isVisible(`a[href="/items/${id}/slips"]`))
    assert.match(await t.page.textContent('main'), /督办计分：逾期\d+天未办结/)
    await t.shot('item-prints', { fullPage: true })
    await t.page.click('a:text-is("督办通知单")')
    assert.equal((await data(t.page, `/items/${id}/forms/notice`)).sheets.length, 2)
    await t.shot('paper-notice', { fullPage: true })
    const pages = await print(t, 'notice')
    assert.equal(pages.length, 2)
    for (const page of pages) {
        assert.match(squeeze(page), /督办通知单督〔\d+〕\d+号/)
        assert.match(page, /青溪河特大桥安全隐患整改/)
        assert.match(squeeze(page), /排查.*整改/)
        assert.doesNotMatch(page, /前哨|返回事项|退出登录/)
    }
    assert.match(squeeze(pages[0]), /（牵头单位）：/)
    assert.match(squeeze(pages[1]), /（协办单位）：/)
    await t.page.selectOption('select[name=unit]', { index: 1 })
    await t.page.click('button:text("只印这一份")')
    await t.page.waitForFunction(() => document.readyState === 'complete' && document.querySelectorAll('article.paper').length === 1)
})

test('催办单：蓝、黄、红，各有单号，打印带颜色', async t => {
    await signIn(t.page, SECRETARY)
    const id = supervised('防汛物资清点')
    await t.goto(`/items/${id}/slips`)
    // who is late is chosen already
    assert.equal(await t.page.locator('.slipunit input:checked').count(), 2)
    await t.shot('slips')
    for (const [colour, count] of [['blue', 2], ['yellow', 4], ['red', 6]]) {
        await t.page.fill('textarea[name=reason]', '汛期临近，请抓紧清点并反馈。')
        await t.page.click('button:text("编号发出")')
        await t.page.waitForSelector('.note.ok')
        const { rows } = await data(t.page, `/items/${id}/slips`)
        assert.equal(rows.length, count)
        assert.equal(rows.at(-1).colour, colour)
    }
    // a slip sent by mistake is void, its number stays
    await t.page.locator('tr', { hasText: '红' }).last().locator('summary').click()
    await t.page.locator('tr', { hasText: '红' }).last().locator('[name=why]').fill('该单位已经口头反馈')
    await t.page.locator('tr', { hasText: '红' }).last().locator('button:text("作废")').click()
    await t.page.waitForSelector('text=已作废：该单位已经口头反馈')
    await t.shot('slips-done', { fullPage: true })
    // the log of the year has it all, void ones with the reason, on paper without what is of the screen
    await t.goto('/slips')
    const log = await data(t.page, '/slips')
    assert.equal(log.rows.filter(r => r.title === '防汛物资清点').length, 6)
    assert.equal(log.rows.find(r => r.voided)?.voided, '该单位已经口头反馈')
    assert.equal(log.voids, 1)
    await t.shot('slip-log', { fullPage: true })
    const book = await print(t, 'slip-log', /84[12]\.\d+ x 59[45]\.\d+/)
    for (const words of [/催办单登记簿/, /作废的理由/, /该单位已经口头/]) assert.match(squeeze(book[0]), words)
    assert.doesNotMatch(book[0], /退出登录/)
    await t.page.setViewportSize({ width: 390, height: 844 })
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('slip-log-phone', { fullPage: true })
    await t.page.setViewportSize({ width: 1366, height: 768 })
    await t.goto(`/items/${id}/slips`)
    // without a reason nothing goes out, and what was typed stays
    await t.page.$eval('textarea[name=reason]', e => e.removeAttribute('required'))
    await t.page.fill('[name=due]', '2099-01-31')
    t.expectProblem(/400/)
    await t.page.click('button:text("编号发出")')
    assert.match(await t.page.textContent('.note.bad'), /没有填写催办事由/)
    assert.equal(await t.page.inputValue('[name=due]'), '2099-01-31')
    await t.goto(`/items/${id}/forms/urge`)
    await t.shot('paper-urge', { fullPage: true })
    const pages = await print(t, 'urge')
    assert.equal(pages.length, 5)
    assert.match(squeeze(pages[0]), /催〔\d+〕\d+号/)
    assert.match(squeeze(pages[0]), /已逾期\d天/)
    assert.match(squeeze(pages[0]), /首次催办（蓝单）/)
    assert.match(squeeze(pages[4]), /予以通报/)
    // the colour is on the paper, though backgrounds are left out
    const ppm = execFileSync('pdftoppm', ['-r', '20', '-f', '5', '-l', '5', `${shots}/urge.pdf`])
    const at = ppm.indexOf('\n255\n') + 5
    let red = 0
    for (let i = at; i < ppm.length; i += 3) red += ppm[i] > 150 && ppm[i + 1] < 60 && ppm[i + 2] < 70
    assert.ok(red > 100, `${red} red points`)
    await t.page.setViewportSize({ width: 390, height: 844 })
    await t.goto(`/items/${id}/slips`)
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('slips-phone', { fullPage: true })
})

test('公文处理单：意见入栏，精简打印不印退回过的，长的续页有表头', async t => {
    await signIn(t.page, CHIEF)
    const long = '请各单位结合实际，认真抓好落实，按期反馈进展。'.repeat(90)
    const [id] = items(
        { verb: 'open', as: 'zhangsan', ref: 'a', kind: 'incoming', fields: { subject: '关于开展安全生产大检查的通知', sender: '云岭省国有资产监督管理委员会',
            docno: '云国资发〔2026〕12号', received: '+0d', class: '办件', reply: '不需答复' } },
        { verb: 'move', as: 'zhangsan', item: '$a', move: 'register' },
        { verb: 'move', as: 'zhangsan', item: '$a', move: 'accept', opinion: '属本单位办理。' },
        { verb: 'move', as: 'zhangsan', item: '$a', move: 'propose', opinion: '拟请领导阅示。', set: { leader: ['qiuzh'] } },
        { verb: 'move', as: 'qiuzh', item: '$a', move: 'again', opinion: '请补充上年检查情况。' },
        { verb: 'move', as: 'zhangsan', item: '$a', move: 'propose', opinion: `已补充上年情况。${long}` },
        { verb: 'answer', as: 'qiuzh', item: '$a', word: '已批示', text: '请工程部牵头办理。' })
    await t.goto(`/items/${id}/forms/sheet`)
    await t.shot('paper-incoming', { fullPage: true })
    let pages = await print(t, 'incoming')
    assert.ok(pages.length >= 2)
    for (const page of pages) assert.match(squeeze(page), /公文处理单收〔\d+〕\d+号/) // the head is on each page
    const text = squeeze(pages.join(''))
    assert.match(text, /请补充上年检查情况。/)
    const order = ['来文单位', '拟办意见', '领导批示', '承办情况', '传阅', '归档号'].map(w => text.indexOf(w))
    assert.deepEqual(order, [...order].sort((a, b) => a - b))
    await t.page.click('text=精简打印')
    pages = await print(t, 'incoming-short')
    assert.doesNotMatch(pages.join(''), /请补充上年检查情况/)
    assert.match(squeeze(pages.join('')), /请工程部牵头办理。/)
})

test('督办计分：口径、数值、各单位，逾期按原定期限', async t => {
    await signIn(t.page, CHIEF)
    const id = supervised('渠道清淤')
    items({ verb: 'answer', as: 'qiaofj', item: id, word: '已反馈', text: '已办好' },
        { verb: 'move', as: 'qiuzh', item: id, move: 'pass', set: { quality: '好' } })
    await t.goto('/kinds/supervision/score')
    assert.match(await t.page.textContent('.scorecard'), /是否逾期按原定期限算/)
    const find = p => p.units.flatMap(u => u.items).find(i => i.title === '渠道清淤')
    const before = find(await data(t.page, '/kinds/supervision/score'))
    assert.match(before.words, /^10×0\.5×1−\d(\.5)?＝/)
    await t.page.fill('[value="逾期"] + .in', '0.6')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
    const after = find(await data(t.page, '/kinds/supervision/score'))
    assert.ok(Math.abs(after.total - before.total - 1) < 1e-9)
    t.expectProblem(/400/)
    await t.page.$eval('[value="逾期"] + .in', e => { e.value = '0.675' })
    await t.page.click('button:text("保存")')
    assert.match(await t.page.textContent('.note.bad'), /最多两位小数/)
    await t.goto('/kinds/supervision/score')
    await t.page.fill('[value="逾期"] + .in', '0.5')
    await t.page.click('button:text("保存")')
    await t.page.waitForSelector('.note.ok')
    await t.shot('scores', { fullPage: true })
})
