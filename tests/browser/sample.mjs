// The sample library: what one's own house said before; a manuscript put in; the next one that repeats it is told.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, SECRETARY } from './lib/office.mjs'

const said = '质量是干出来的，不是检查出来的，每一道工序都要经得起回头看，每一个项目都要经得起时间检验。'

async function written(page, template, fields, text) {
    await page.goto(`/templates/${template}`)
    for (const [k, v] of Object.entries(fields)) await page.fill(`[name="f.${k}"]`, v)
    await page.click('text=开始写')
    await page.waitForURL(/\/manuscripts\/\d+/)
    const path = new URL(page.url()).pathname
    const m = await data(page, path)
    const csrf = await page.locator('[name=csrf]').first().inputValue()
    const answer = await page.request.post(path, { form: { csrf, seq: m.seq, text: m.text.replace('【开场】', text) }, headers: { Origin: new URL(page.url()).origin } })
    assert.ok(answer.ok(), `${answer.status()}`)
    return path
}

test('讲话收入范文库，下一年的讲话重复了会提醒', async t => {
    const { page } = t
    await signIn(page, SECRETARY)
    await page.goto('/samples')
    assert.ok(await page.locator('.smplist li').count() >= 5)
    await page.screenshot({ path: `${t.shots}/samples.png`, fullPage: true })
    await page.goto('/samples?q=督查')
    assert.ok(await page.locator('.smppass').count() >= 1)
    assert.ok(await overflow(page) <= 0)
    await page.screenshot({ path: `${t.shots}/samples-q.png`, fullPage: true })

    const one = await written(page, 'speech', { speaker: '张卫国', occasion: '2025年质量大会', date: '2025-09-10', audience: '同志们' }, said)
    await page.goto(`/samples/new?manuscript=${one.split('/').pop()}`)
    assert.equal(await page.inputValue('[name=occasion]'), '2025年质量大会')
    await page.fill('[name=speaker]', '张卫国')
    await page.fill('[name=day]', '2025-09-10')
    await page.screenshot({ path: `${t.shots}/sample-new.png` })
    await page.click("main .acts button.go")
    await page.waitForURL(/\/samples\/\d+/)
    await page.screenshot({ path: `${t.shots}/sample.png`, fullPage: true })
    await page.goto('/samples?q=回头看')
    assert.match(await page.textContent('.smppass'), /每一道工序都要经得起回头看/)
    assert.equal(await page.textContent('.smppass mark'), '回头看')
    // a document opens where the word stands
    await page.goto('/samples?q=安全&genre=35')
    assert.match(await page.textContent('.smplist'), /文中 [2-9]\d* 处/)
    await page.click('.smplist a:has-text("2025年工作会议")')
    assert.match(page.url(), /\/library\/\d+\?q=.+#hit1$/)
    assert.ok(await page.locator('#hit1').count())

    const two = await written(page, 'speech', { speaker: '张卫国', occasion: '2026年质量大会', date: '2026-09-10', audience: '同志们' }, said)
    await page.goto(`${two}/reuse`)
    assert.match(await page.textContent('.note'), /与2025-09-10的“在2025年质量大会上的讲话”重复\d+%/)
    await page.screenshot({ path: `${t.shots}/reuse.png`, fullPage: true })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/samples?q=督查', `${two}/reuse`]) {
        await page.goto(path)
        assert.ok(await overflow(page) <= 0, path)
        await page.screenshot({ path: `${t.shots}/phone-${path.includes('reuse') ? 'reuse' : 'samples'}.png` })
    }
})
