// The way of a document by the forms without script: five people, every step, one return, a later edit after an opinion, the lock. way.mjs goes it in
// the pages as they are, with seals, paper and the proof of the package.
import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, STAFF, data, overflow, signIn } from './lib/office.mjs'

const TITLE = '关于做好2026年防汛和安全度汛工作的通知'
const text = more => `发文机关：云岭建工集团有限公司党委办公室
标志：云岭建工集团有限公司党委办公室文件
${TITLE}

各部门、各单位：

为做好2026年防汛和安全度汛工作，现将有关事项通知如下。

一、压实工作责任

各单位主要负责人是防汛工作第一责任人，要靠前指挥。${more}

二、加强值班值守

汛期实行二十四小时值班。

云岭建工集团有限公司党委办公室
2026年7月13日

抄送：集团领导。
`

/** A person with a browser window of his own. */
async function as(t, login) {
    const context = await t.context.browser().newContext({ baseURL: t.base, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', javaScriptEnabled: false })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    await signIn(page, login)
    return page
}

/** The form of a step, opened by its link and sent; fields by name, pickers by what is typed. */
async function step(page, id, move, fields = {}) {
    await page.goto(`/items/${id}?move=${move}`)
    const form = page.locator(`#move-${move}`)
    for (const [name, value] of Object.entries(fields)) {
        const at = form.locator(`[name="${name}"]`)
        if (await at.first().evaluate(e => e.tagName) === 'SELECT') await at.selectOption({ label: value })
        else await at.fill(value)
    }
    for (const box of await form.locator('.check.sure input').all()) await box.check()
    await form.locator('button.go').first().click()
    await page.waitForLoadState()
}
/** Answer what one is asked for on the page of the item. */
async function answer(page, id, word, words = '') {
    await page.goto(`/items/${id}`)
    const form = page.locator('.panel.mine form').first()
    await form.locator('[name=text]').fill(words)
    await form.locator(`button[value="${word}"]`).click()
    await page.waitForLoadState()
}
const state = async (page, id) => (await data(page, `/items/${id}`)).state

/** Save the text by the form of the page. */
async function write(page, path, body) {
    await page.goto(path)
    await page.fill('[name=text]', body)
    await page.click('.deskplain button.go, form[data-desk] button.go, .deskplain button')
    await page.waitForLoadState()
}

test('发文：没有脚本也能走完全程', async t => {
    const drafter = await as(t, STAFF), checker = await as(t, SECRETARY), unit = await as(t, 'jinmd'),
        leader = await as(t, 'yuest'), chief = await as(t, CHIEF)

    // a blank page, and one button
    await drafter.goto('/manuscripts/new')
    await drafter.fill('[name=title]', TITLE)
    await drafter.click('text=开始写')
    const desk = new URL(drafter.url()).pathname
    await write(drafter, desk, text(''))
    await drafter.screenshot({ path: `${t.shots}/issue-desk.png` })
    await drafter.click('button:has-text("送核")')
    await drafter.waitForURL(/items\/\d+\/edit/)
    const id = drafter.url().match(/items\/(\d+)/)[1]
    await drafter.selectOption('[name="f.genre"]', '通知')
    await drafter.check('[name="f.direction"][value=下行文]')
    await drafter.check('[name="f.cosign"][value=同时会签]')
    await drafter.fill('[name="f.sign_units.text"]', '财务资产部')
    await drafter.fill('[name="f.to.text"]', '财务资产部')
    await drafter.fill('[name="f.to_other"]', '各部门、各单位')
    await drafter.screenshot({ path: `${t.shots}/issue-form.png`, fullPage: true })
    await drafter.click('form button:text-is("保存")')
    await drafter.waitForLoadState()
    await step(drafter, id, 'submit', { text: '请核。', 'f.reviewer.text': '张三' })
    assert.equal(await state(drafter, id), '核稿')

    // sent back once, and once more
    await step(checker, id, 'review_back', { text: '第一条写明联系人。' })
    assert.equal(await state(checker, id), '拟稿')
    await write(drafter, desk, text('各单位要明确一名联系人。'))
    await step(drafter, id, 'submit', { text: '已补。', 'f.reviewer.text': '张三' })
    await step(checker, id, 'cosign', { text: '已核，请会签。' })
    assert.equal(await state(checker, id), '会签中')
    await answer(unit, id, '有修改意见', '建议写明报送时限。')
    assert.equal(await state(checker, id), '会签完毕')

    // a later edit, after an opinion: the opinion says which version it was given on
    await write(checker, desk, text('各单位要明确一名联系人，7月20日前报党委办公室。'))
    let page = await data(checker, `/items/${id}`)
    const opinion = p => p.boxes.flatMap(b => b.rows).find(r => /报送时限/.test(r.text))
    assert.match(opinion(page).version, /针对第2稿，此后文稿又有修改/)
    await step(checker, id, 'send_cosigned', { text: '意见已采纳。', 'f.signer.text': '岳松亭' })
    page = await data(checker, `/items/${id}`)
    assert.match(opinion(page).version, /该意见针对第2稿，现为第3稿/)
    await checker.goto(opinion(page).redline)
    assert.match(await checker.textContent('#compare'), /7月20日前报党委办公室/)
    await checker.screenshot({ path: `${t.shots}/issue-compare.png`, fullPage: true })
    await leader.goto(`/items/${id}`)
    await leader.screenshot({ path: `${t.shots}/issue-leader.png`, fullPage: true })
    await answer(leader, id, '同意签发', '同意。')
    assert.equal(await state(leader, id), '复核')

    // locked: a change is refused, and only a way back with a reason by the chief would unlock it
    await drafter.goto(desk)
    assert.match(await drafter.textContent('body'), /锁定/)
    const csrf = await drafter.inputValue('form[action="/logout"] [name=csrf]').catch(() => drafter.inputValue('[name=csrf] >> nth=0'))
    const late = await drafter.request.post(desk, { form: { csrf, seq: '99', text: text('改') }, headers: { Accept: 'application/json' } })
    assert.ok(late.status() >= 400, `${late.status()}`)

    // 复核, 编号, a seal, printing
    await step(checker, id, 'recheck', { text: '已复核。' })
    await chief.goto(`/items/${id}?move=number`)
    assert.equal(await chief.locator('#move-number [name="f.code"]:checked').inputValue(), '集团党发') // suggested: nobody chose another
    await chief.screenshot({ path: `${t.shots}/issue-number.png`, fullPage: true })
    await step(chief, id, 'number', { 'f.copies': '12', 'f.issuer': '云岭建工集团有限公司党委办公室', 'f.keeper.text': '秋知衡' })
    page = await data(chief, `/items/${id}`)
    assert.match(page.number, /〔\d{4}〕2号$/)
    await chief.goto(`/items/${id}/text`)
    await chief.fill('[name=first]', '1')
    if (await chief.locator('[name=fonts_why]').count()) await chief.fill('[name=fonts_why]', '样张已看过')
    await chief.click('button:has-text("登记并印制")')
    let paper = await data(chief, `/items/${id}/text`)
    assert.equal(paper.runs.length, 1)
    assert.match(paper.runs[0].numbers, /000001至000012/)
    const pdf = await chief.request.get(paper.runs[0].link)
    assert.equal((await pdf.body()).subarray(0, 4).toString(), '%PDF')
    assert.equal((await drafter.request.get(paper.runs[0].link)).status(), 403)
    await step(chief, id, 'seal')

    // to the units, with receipts
    await step(chief, id, 'dispatch', { 'f.receipt_due': '2030-12-31' })
    assert.equal(await state(chief, id), '已印发')
    await answer(unit, id, '已收')
    page = await data(chief, `/items/${id}`)
    assert.equal(page.counts.answered ?? page.asks.filter(a => a.word === '已收').length, page.counts.answered ?? 1)
    await step(chief, id, 'file')
    assert.equal(await state(chief, id), '已归档')

    // the package, checked by openssl
    await chief.goto(`/items/${id}/text`)
    await chief.click('button:has-text("制作归档包")')
    await chief.waitForLoadState()
    paper = await data(chief, `/items/${id}/text`)
    await chief.click('button:has-text("核对")')
    assert.match(await chief.textContent('.note.ok'), /核对相符/)
    await chief.screenshot({ path: `${t.shots}/issue-package.png`, fullPage: true })
    const pack = await chief.request.get(paper.packs[0].link)
    assert.equal((await pack.body()).subarray(0, 2).toString(), 'PK')
    const verbs = page => page.events.map(e => e.verb).join()
    assert.match(verbs(await data(chief, `/items/${id}`)), /制作归档包/)
})

test('发文：窄屏不出界', async t => {
    await t.page.setViewportSize({ width: 390, height: 844 })
    await signIn(t.page, CHIEF)
    const { rows } = await data(t.page, '/items?box=all&kind=issue')
    for (const path of ['/seals', '/printers', ...rows.slice(0, 1).flatMap(r => [`/items/${r.id}`, `/items/${r.id}/text?a=2&b=3`])]) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, path)
        await t.shot(`issue-phone${path.replace(/\W+/g, '-')}`, { fullPage: true })
    }
})
